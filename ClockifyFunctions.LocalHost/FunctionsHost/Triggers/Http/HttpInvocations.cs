using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;

/// <summary>
/// Serves a request with a function: forwards the request to the worker over HTTP, sends the invocation over gRPC, and waits for both.
/// The worker matches the two by the invocation id.
/// </summary>
internal sealed class HttpInvocations : IDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };

    private readonly Invoker _invoker;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _client;

    public HttpInvocations(Invoker invoker, IHttpForwarder forwarder, TimeProvider time)
    {
        (_invoker, _forwarder) = (invoker, forwarder);
        _client = new HttpMessageInvoker(new RetryUntilConnected(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null }, time));
    }

    public async Task ServeAsync(FunctionConfig function, HttpContext context)
    {
        if (!await TryReadBodyAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var request = Request(function.Trigger.Binding, context.Request);
        Task<string?>? forwarding = null;
        using var abort = new CancellationTokenSource();
        var result = await _invoker.InvokeAsync(function, request, worker => forwarding = ForwardAsync(worker), context.RequestAborted);
        if (result is InvocationResult.Succeeded) return;
        // The forwarder may still write to the response, so wait until the forwarding has ended before using it.
        await abort.CancelAsync();
        if (forwarding is not null) await forwarding;
        if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status500InternalServerError;

        async Task<string?> ForwardAsync(Worker worker)
        {
            if (worker.HttpUri is not { } address) return "The worker does not serve HTTP: it reported no capability HttpUri.";
            // Like the real host, keep the value if the client sends this header itself.
            context.Request.Headers.TryAdd(InvocationIdHeader, request.InvocationId);
            context.Request.Headers.TraceParent = request.TraceContext.TraceParent;
            var error = await _forwarder.SendAsync(context, address.AbsoluteUri, _client, Forwarding, HttpTransformer.Default, abort.Token);
            return error == ForwarderError.None ? null : $"The request could not be forwarded to the worker: {error}";
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The real host reads a body of known length completely before the invocation. Chunked bodies pass through.</summary>
    /// <returns>False when the body is larger than the server's limit.</returns>
    private static async Task<bool> TryReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not > 0) return true;
        var body = new MemoryStream();
        context.Response.RegisterForDispose(body);
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException)
        {
            return false;
        }

        body.Position = 0;
        context.Request.Body = body;
        return true;
    }

    private static InvocationRequest Request(string binding, HttpRequest http)
    {
        // Empty: the worker reads everything except the route values from the forwarded request.
        var request = InvocationRequests.With(binding, new TypedData { Http = new RpcHttp() });
        request.TraceContext = TraceContexts.ChildOf(http.Headers.TraceParent);
        request.TriggerMetadata["Query"] = InvocationRequests.AsJson(http.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        request.TriggerMetadata["Headers"] = InvocationRequests.AsJson(http.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        foreach (var (name, value) in http.RouteValues)
            if (value is not null) request.TriggerMetadata[name] = InvocationRequests.Text(value.ToString()!);
        return request;
    }
}
