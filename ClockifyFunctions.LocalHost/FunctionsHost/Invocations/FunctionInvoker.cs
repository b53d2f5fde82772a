using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>One call that is not forwarded: POST /&lt;function&gt; and the judgement of its answer.</summary>
internal sealed partial class FunctionInvoker(string function, IReadOnlyList<QueueOutput> outputs, HandlerCalls calls, ILoggerFactory loggers, TimeProvider time)
{
    private readonly ILogger log = loggers.CreateLogger("Function." + function);
    private readonly ILogger userLog = loggers.CreateLogger($"Function.{function}.User");

    public async Task<InvocationResult> InvokeAsync(Func<InvocationStamp, string> body)
    {
        var id = Guid.NewGuid();
        var started = time.GetTimestamp();
        Log.Executing(log, function, id);
        var content = body(new InvocationStamp(function, time.GetUtcNow(), Guid.NewGuid()));
        var (answer, failure) = await calls.CallAsync((address, abort) => SendAsync(address, id, content, abort));
        var result = answer ?? new InvocationResult(failure);
        if (result.Succeeded) Log.Executed(log, function, id, time.GetElapsedTime(started));
        else Log.Failed(log, function, id, time.GetElapsedTime(started), result.Failure!);
        return result;
    }

    private async Task<InvocationResult> SendAsync(Uri address, Guid id, string body, CancellationToken abort)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/" + function));
        // Header order and chunking as recorded.
        request.Headers.Host = address.Authority;
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-HostVersion", HandlerCalls.HostVersion);
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-InvocationId", id.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", "Azure-Functions-Host/" + HandlerCalls.HostVersion);
        request.Headers.TransferEncodingChunked = true;
        using var encoded = MemoryPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(body.Length));
        request.Content = new ReadOnlyMemoryContent(encoded.Memory[..Encoding.UTF8.GetBytes(body, encoded.Memory.Span)]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var response = await calls.Http.SendAsync(request, abort);
        var answer = await response.Content.ReadAsStringAsync(abort);
        var result = HandlerAnswer.Judge((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, answer);
        if (result is null) await Task.Delay(Timeout.InfiniteTimeSpan, abort);
        if (!result!.Succeeded) return result;
        foreach (var line in HandlerAnswer.Logs(answer)) userLog.LogInformation("{Line}", line);
        return await SendOutputsAsync(id, answer);
    }

    /// <summary>Before the trigger's message is completed; one that cannot be sent fails the invocation.</summary>
    private async Task<InvocationResult> SendOutputsAsync(Guid id, string answer)
    {
        try
        {
            foreach (var output in outputs) await output.SendAsync(HandlerAnswer.Output(answer, output.Binding), id);
            return InvocationResult.Success;
        }
        catch (Exception failed) when (failed is FormatException || QueueListener.IsBrokerTrouble(failed))
        {
            return new InvocationResult(failed.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Id={Id})")]
        public static partial void Executing(ILogger logger, string function, Guid id);

        [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={Id}, Duration={Duration})")]
        public static partial void Executed(ILogger logger, string function, Guid id, TimeSpan duration);

        [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Id}, Duration={Duration}): {Reason}")]
        public static partial void Failed(ILogger logger, string function, Guid id, TimeSpan duration, string reason);
    }
}
