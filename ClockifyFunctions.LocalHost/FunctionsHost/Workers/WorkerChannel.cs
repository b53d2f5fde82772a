using System.Collections.Concurrent;
using System.Threading.Channels;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using Grpc.Core;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The message stream of one worker. It carries requests and their responses, notices without a response, and the logs of the worker.</summary>
internal sealed class WorkerChannel(
    IAsyncStreamReader<StreamingMessage> incoming, IAsyncStreamWriter<StreamingMessage> outgoing, WorkerLogs logs)
{
    // Writes to a gRPC stream must not overlap, so one loop writes the messages that all callers enqueue.
    private readonly Channel<StreamingMessage> _outbox = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, Pending> _pending = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Exception? _failure;

    /// <summary>Completes when all messages of the worker have been handled and no more can arrive.</summary>
    public Task ReadToEnd => _read.Task;

    /// <summary>Sends a request and returns the response of the worker.</summary>
    /// <exception cref="WorkerLostException">The worker ended before it responded.</exception>
    /// <exception cref="HostEndedException">The host ended before the worker responded.</exception>
    public Task<StreamingMessage> AskAsync(StreamingMessage request) => AskAsync(Guid.NewGuid().ToString(), request, function: null);

    /// <inheritdoc cref="AskAsync(StreamingMessage)"/>
    public async Task<InvocationResponse> InvokeAsync(string function, InvocationRequest request)
    {
        // Message and invocation use the same id, because the logs of the worker contain the invocation id.
        var response = await AskAsync(request.InvocationId, new StreamingMessage { InvocationRequest = request }, function);
        return response.InvocationResponse;
    }

    /// <summary>Sends a message that has no response.</summary>
    public void Tell(StreamingMessage notice)
    {
        notice.RequestId = Guid.NewGuid().ToString();
        _outbox.Writer.TryWrite(notice);
    }

    /// <summary>Fails all requests that have no response, and all later requests. Without this call they would wait forever.</summary>
    public void Fail(Exception reason)
    {
        _failure = reason;
        foreach (var (_, pending) in _pending) pending.Response.TrySetException(reason);
    }

    /// <summary>Ends <see cref="RunAsync"/>. The stream stays open until the worker process has ended, because the worker expects that.</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>Moves messages in both directions until the channel is closed or the server stops.</summary>
    public async Task RunAsync(CancellationToken serverStops)
    {
        var writing = WriteAsync(serverStops);
        try
        {
            while (await incoming.MoveNext(serverStops)) Receive(incoming.Current);
        }
        catch (Exception e) when (IsEndOfStream(e))
        {
            // The worker process has ended, or the server stops.
        }

        _read.TrySetResult();
        await _closed.Task.WaitAsync(serverStops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outbox.Writer.TryComplete();
        await writing;
    }

    private static bool IsEndOfStream(Exception e) => e is IOException or OperationCanceledException or InvalidOperationException or Grpc.Core.RpcException;

    private async Task<StreamingMessage> AskAsync(string id, StreamingMessage request, string? function)
    {
        request.RequestId = id;
        var pending = new Pending(function);
        _pending[id] = pending;
        try
        {
            // Check after the entry has been added: a concurrent failure then either finds the entry or is found here.
            if (_failure is { } failure) throw failure;
            _outbox.Writer.TryWrite(request);
            return await pending.Response.Task;
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    private void Receive(StreamingMessage message)
    {
        if (message.RpcLog is { } log)
            logs.Write(log, _pending.TryGetValue(log.InvocationId, out var invocation) ? invocation.Function : null);
        else if (_pending.TryGetValue(message.RequestId, out var pending))
            pending.Response.TrySetResult(message);
    }

    private async Task WriteAsync(CancellationToken serverStops)
    {
        try
        {
            await foreach (var message in _outbox.Reader.ReadAllAsync(serverStops)) await outgoing.WriteAsync(message, serverStops);
        }
        catch (Exception e) when (IsEndOfStream(e))
        {
            // The worker reads no more messages. The supervisor handles its requests when the process ends.
        }
    }

    /// <param name="Function">The function of an invocation; null for other requests.</param>
    private sealed record Pending(string? Function)
    {
        public TaskCompletionSource<StreamingMessage> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
