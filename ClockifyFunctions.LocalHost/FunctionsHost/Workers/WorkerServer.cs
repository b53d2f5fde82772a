using System.Collections.Concurrent;
using System.Net;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>The gRPC server that workers connect to. It accepts only the worker ids that this host issued.</summary>
internal sealed class WorkerServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WorkerChannel>> _expected = new();
    private readonly WorkerLogs _logs;
    private WebApplication? _app;

    private WorkerServer(WorkerLogs logs) => _logs = logs;

    public Uri Address => new(
        _app!.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public static async Task<WorkerServer> StartAsync(WorkerLogs logs, ILoggerFactory loggers, CancellationToken cancel)
    {
        var server = new WorkerServer(logs);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers).AddSingleton(server).AddRouting();
        builder.Services.AddGrpc(options => (options.MaxReceiveMessageSize, options.MaxSendMessageSize) = (null, null));
        // Without TLS, HTTP/2 cannot be negotiated, so the port accepts HTTP/2 only.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        server._app = builder.Build();
        server._app.UseRouting();
        server._app.MapGrpcService<WorkerStreams>();
        await server._app.StartAsync(cancel);
        return server;
    }

    /// <summary>Completes when the worker with this id has connected.</summary>
    public Task<WorkerChannel> Expect(Guid workerId)
    {
        var connected = new TaskCompletionSource<WorkerChannel>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[workerId.ToString()] = connected;
        return connected.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;
        // A stream that is still open belongs to a worker that outlives the host. The server closes it.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Serves the streams of the workers.</summary>
    private sealed class WorkerStreams(WorkerServer server) : FunctionRpc.FunctionRpcBase
    {
        public override async Task EventStream(
            IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
        {
            if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.StartStream is not { } start)
                throw new Grpc.Core.RpcException(new Status(StatusCode.InvalidArgument, "The first message of a worker must be StartStream."));
            if (!server._expected.TryRemove(start.WorkerId, out var connected))
                throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "This host did not start a worker with this id."));
            var channel = new WorkerChannel(requestStream, responseStream, server._logs);
            connected.TrySetResult(channel);
            await channel.RunAsync(context.CancellationToken);
        }
    }
}
