using System.Diagnostics;
using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>Replaces a worker process. It speaks the protocol of the .NET worker; the test controls its invocations and its end.</summary>
internal sealed class ScriptedWorker : IWorkerProcess
{
    private static int _ids;

    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<InvocationRequest> _invocations = Channel.CreateUnbounded<InvocationRequest>();
    private readonly Channel<string> _cancelled = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<WorkerTerminate> _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerScript _script;
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<StreamingMessage, StreamingMessage> _stream;

    public ScriptedWorker(ProcessStartInfo start, WorkerScript script)
    {
        (Start, _script) = (start, script);
        _channel = GrpcChannel.ForAddress(Argument("--functions-uri"));
        _stream = new FunctionRpc.FunctionRpcClient(_channel).EventStream();
        _ = RunAsync();
    }

    public ProcessStartInfo Start { get; }

    public int Id { get; } = Interlocked.Increment(ref _ids);

    public Task<int> Exited => _exited.Task;

    public string LastErrors => "last words";

    /// <summary>Completes when the host has asked this worker to end.</summary>
    public Task<WorkerTerminate> Terminated => _terminated.Task;

    public bool HasInvocations => _invocations.Reader.Count > 0;

    public bool HasCancellations => _cancelled.Reader.Count > 0;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Argument(string name) => Start.ArgumentList[Start.ArgumentList.IndexOf(name) + 1];

    public async Task<InvocationRequest> NextInvocationAsync() => await _invocations.Reader.ReadAsync(Cancel);

    /// <summary>The id of the next invocation that the host cancels.</summary>
    public async Task<string> NextCancelledAsync() => await _cancelled.Reader.ReadAsync(Cancel);

    public Task SucceedAsync(InvocationRequest invocation) => AnswerAsync(invocation, new StatusResult { Status = StatusResult.Types.Status.Success });

    public Task FailAsync(InvocationRequest invocation, string message) => AnswerAsync(invocation, Failure(message));

    public Task LogAsync(RpcLog log) => SendAsync("", new StreamingMessage { RpcLog = log });

    /// <summary>Ends the process. Messages that were sent before still arrive.</summary>
    public async Task ExitAsync(int code)
    {
        await _turn.WaitAsync(CancellationToken.None);
        await _stream.RequestStream.CompleteAsync();
        _turn.Release();
        _exited.TrySetResult(code);
    }

    public void Kill()
    {
        if (_exited.TrySetResult(137)) _channel.Dispose();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _channel.Dispose();
        _turn.Dispose();
    }

    public static StatusResult Failure(string message) => new()
    {
        Status = StatusResult.Types.Status.Failure,
        Exception = new ClockifyFunctions.LocalHost.FunctionsHost.Protocol.RpcException { Type = "Test", Message = message },
    };

    private Task AnswerAsync(InvocationRequest invocation, StatusResult result) => SendAsync(
        invocation.InvocationId, new StreamingMessage { InvocationResponse = new InvocationResponse { InvocationId = invocation.InvocationId, Result = result } });

    private async Task RunAsync()
    {
        await SendAsync("", new StreamingMessage { StartStream = new StartStream { WorkerId = _script.WorkerId ?? Argument("--functions-worker-id") } });
        try
        {
            while (await _stream.ResponseStream.MoveNext(CancellationToken.None)) await ReceiveAsync(_stream.ResponseStream.Current);
        }
        catch (Exception e) when (e is Grpc.Core.RpcException or ObjectDisposedException or InvalidOperationException)
        {
            // Like the real worker, end if the host refuses the worker, and keep running if the host has crashed.
            if (e is Grpc.Core.RpcException { StatusCode: StatusCode.PermissionDenied }) _exited.TrySetResult(134);
        }
    }

    private async Task ReceiveAsync(StreamingMessage message)
    {
        var success = new StatusResult { Status = StatusResult.Types.Status.Success };
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.WorkerInitRequest:
                await SendAsync(message.RequestId, new StreamingMessage { WorkerInitResponse = new WorkerInitResponse { Result = success, Capabilities = { _script.Capabilities } } });
                break;
            case StreamingMessage.ContentOneofCase.FunctionsMetadataRequest:
                await SendAsync(message.RequestId, new StreamingMessage { FunctionMetadataResponse = new FunctionMetadataResponse { Result = success, FunctionMetadataResults = { _script.Functions } } });
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadRequest:
                var id = message.FunctionLoadRequest.FunctionId;
                var loaded = _script.LoadErrors.TryGetValue(id, out var error) ? Failure(error) : success;
                await SendAsync(message.RequestId, new StreamingMessage { FunctionLoadResponse = new FunctionLoadResponse { FunctionId = id, Result = loaded } });
                break;
            case StreamingMessage.ContentOneofCase.InvocationRequest:
                _invocations.Writer.TryWrite(message.InvocationRequest);
                break;
            case StreamingMessage.ContentOneofCase.InvocationCancel:
                _cancelled.Writer.TryWrite(message.InvocationCancel.InvocationId);
                await SendAsync(message.RequestId, new StreamingMessage());
                break;
            case StreamingMessage.ContentOneofCase.WorkerTerminate:
                _terminated.TrySetResult(message.WorkerTerminate);
                await SendAsync(message.RequestId, new StreamingMessage());
                if (_script.EndsOnTerminate) await ExitAsync(0);
                break;
        }
    }

    private async Task SendAsync(string requestId, StreamingMessage message)
    {
        message.RequestId = requestId;
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await _stream.RequestStream.WriteAsync(message, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}
