using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>One worker: its process, its message stream and what it can do.</summary>
internal sealed class Worker
{
    /// <summary>How long a worker may take to end after WorkerTerminate before it is killed.</summary>
    public static readonly TimeSpan TerminateGrace = TimeSpan.FromSeconds(5);

    /// <summary>A response may still be in the stream when the process has ended.</summary>
    private static readonly TimeSpan LastMessages = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _dismissed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> _loadErrors = [];
    private readonly TimeProvider _time;

    public Worker(IWorkerProcess process, WorkerChannel channel, IReadOnlyDictionary<string, string> capabilities, TimeProvider time)
    {
        (Process, Channel, Capabilities, _time) = (process, channel, capabilities, time);
        Ended = EndAsync();
    }

    public IWorkerProcess Process { get; }

    public WorkerChannel Channel { get; }

    public IReadOnlyDictionary<string, string> Capabilities { get; }

    /// <summary>Where the worker serves HTTP; null if it does not.</summary>
    public Uri? HttpUri => Capabilities.TryGetValue("HttpUri", out var uri) && Uri.TryCreate(uri, UriKind.Absolute, out var address) ? address : null;

    /// <summary>Completes with the exit code after the process has ended and its last messages have been handled.</summary>
    public Task<int> Ended { get; }

    /// <summary>Completes when another worker is to take the place of this one.</summary>
    public Task Dismissed => _dismissed.Task;

    /// <summary>Lets the supervisor start another worker and terminate this one. Invocations that still run on it are not reported as failed.</summary>
    public void Dismiss() => _dismissed.TrySetResult();

    /// <returns>Why the worker could not load the function; null if it could.</returns>
    public string? LoadErrorOf(string functionId) => _loadErrors.GetValueOrDefault(functionId);

    /// <exception cref="WorkerStartException">The worker reports no functions.</exception>
    public async Task<IReadOnlyList<RpcFunctionMetadata>> ReadFunctionsAsync(string scriptRoot)
    {
        var message = await Channel.AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = scriptRoot },
        });
        var response = message.FunctionMetadataResponse;
        if (response.Result?.Status == StatusResult.Types.Status.Failure)
            throw new WorkerStartException($"The worker could not list its functions: {response.Result.Exception?.Message}");
        if (response.UseDefaultMetadataIndexing)
            throw new WorkerStartException("The worker does not list its functions. Build it with FunctionsEnableWorkerIndexing, the default.");
        return response.FunctionMetadataResults;
    }

    /// <summary>Loads the functions. One that cannot be loaded fails at each invocation, as with the real host.</summary>
    public async Task LoadAsync(IEnumerable<RpcFunctionMetadata> functions)
    {
        foreach (var function in functions)
        {
            var message = await Channel.AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            });
            if (message.FunctionLoadResponse.Result is { Status: not StatusResult.Types.Status.Success } failed)
                _loadErrors[function.FunctionId] = failed.Exception?.Message ?? "The worker could not load the function.";
        }
    }

    /// <summary>Asks the worker to end, and kills it after the grace time.</summary>
    public async Task TerminateAsync()
    {
        if (Capabilities.ContainsKey("HandlesWorkerTerminateMessage"))
        {
            Channel.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(TerminateGrace) } });
            await ((Task)Process.Exited).WaitAsync(TerminateGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Process.Kill();
        await Ended;
    }

    public void CancelInvocation(string invocationId)
    {
        if (Capabilities.ContainsKey("HandlesInvocationCancelMessage"))
            Channel.Tell(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } });
    }

    private async Task<int> EndAsync()
    {
        var exitCode = await Process.Exited;
        // Real time: the process that ended did not run by a clock of the test.
        await Channel.ReadToEnd.WaitAsync(LastMessages, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Channel.Close();
        return exitCode;
    }
}
