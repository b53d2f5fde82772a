using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Step 6 of a record: makes one call. The client does not retry, because a permit allows one request. The client replaces the API key in
/// every part of an answer before the answer is cut, stored or shown.
/// </summary>
internal sealed class ClockifyClient : IDisposable
{
    /// <summary>Maximum number of bytes that are read of an answer. One page of any list of the API is smaller.</summary>
    public const int MaxBody = 4 << 20;

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30), ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>Two connection pools. A credential that may not call private addresses never reuses a connection to one.</summary>
    private readonly HttpMessageInvoker _public, _private;
    private readonly TimeProvider _time;
    private readonly TimeSpan _connectTimeout;

    /// <param name="connectTimeout">Default 10 s.</param>
    /// <param name="network">Handler that replaces the network; default null.</param>
    public ClockifyClient(TimeProvider time, TimeSpan? connectTimeout = null, HttpMessageHandler? network = null)
    {
        (_time, _connectTimeout) = (time, connectTimeout ?? ConnectTimeout);
        _public = network is null ? Open(ConnectGuard.ConnectAsync) : new HttpMessageInvoker(network, disposeHandler: false);
        _private = network is null ? Open(null) : new HttpMessageInvoker(network, disposeHandler: false);
    }

    /// <summary>Sends the request and reads the answer. A failure is returned as a result, not thrown.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired.</exception>
    public async Task<CallResult> SendAsync(Credential credential, RenderedRequest request, CancellationToken cancel)
    {
        var result = await SendOnceAsync(credential, request, cancel);
        var tags = new TagList { { Instruments.Credential, credential.Name }, { Instruments.StatusCode, result.Status } };
        if (CallSpans.ErrorTypeOf(result) is { } error) tags.Add(Instruments.ErrorType, error);
        Instruments.CallDuration.Record(result.Duration.TotalSeconds, tags);
        if (result.Status == (int)HttpStatusCode.TooManyRequests) Instruments.Throttled.Add(1, new KeyValuePair<string, object?>(Instruments.Credential, credential.Name));
        return result;
    }

    private async Task<CallResult> SendOnceAsync(Credential credential, RenderedRequest request, CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(CallTimeout, _time);
        await using var either = cancel.UnsafeRegister(static timeout => ((CancellationTokenSource)timeout!).Cancel(), timeout);
        try
        {
            using var message = ToMessage(credential, request);
            var http = credential.MayBePrivate(request.Url) ? _private : _public;
            using var answer = await http.SendAsync(message, timeout.Token);
            var body = await ReadBodyAsync(answer.Content, credential.Redaction, timeout.Token);
            var contentType = ContentType(answer.Content.Headers) is { } type ? credential.Redaction.Apply(type) : null;
            return new CallResult((int)answer.StatusCode, body, contentType, RetryAfter(answer.Headers.RetryAfter), null, true, _time.GetElapsedTime(started))
            {
                Expected = request.Answer,
                // Lazy: the headers are evaluated only if a person displays the answer.
                Headers = answer.Headers.Select(header => KeyValuePair.Create(credential.Redaction.Apply(header.Key), credential.Redaction.Apply(string.Join(", ", header.Value)))),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // If the overall timeout did not fire, the connect timeout of the handler did.
            return timeout.IsCancellationRequested
                ? NoAnswer($"no answer within {CallTimeout.TotalSeconds:0} s", leftThisMachine: true)
                : NoAnswer($"no connection within {_connectTimeout.TotalSeconds:0} s", leftThisMachine: false);
        }
        catch (HttpRequestException broken)
        {
            var neverConnected = broken.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return NoAnswer(Describe(broken, credential), leftThisMachine: !neverConnected);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            return NoAnswer(Describe(broken, credential), leftThisMachine: true);
        }

        CallResult NoAnswer(string error, bool leftThisMachine) => new(0, "", null, null, error, leftThisMachine, _time.GetElapsedTime(started));
    }

    public void Dispose()
    {
        _public.Dispose();
        _private.Dispose();
    }

    /// <summary>Creates an invoker instead of an <see cref="HttpClient"/>, because this class handles timeouts, default headers and buffering itself.</summary>
    private HttpMessageInvoker Open(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) => new(new SocketsHttpHandler
    {
        // A redirect would send the API key to another host.
        AllowAutoRedirect = false,
        // A proxy from the environment variables would receive the API key of plain HTTP requests and bypass ConnectGuard.
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = connect,
        ConnectTimeout = _connectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.All,
        // The request must equal its preview, so no tracing headers are added.
        ActivityHeadersPropagator = null,
    });

    private static HttpRequestMessage ToMessage(Credential credential, RenderedRequest request)
    {
        // The API key may be sent only to the credential's base URL and its allowed hosts.
        if (credential.Refuse(request.Url) is { } reason) throw new InvalidOperationException(reason);
        var message = new HttpRequestMessage(request.Method, request.Url);
        message.Headers.TryAddWithoutValidation(credential.Header, credential.ApiKey);
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        foreach (var (name, value) in request.Headers)
            // HttpRequestMessage rejects content headers such as Content-Language. They are added to the content.
            if (!message.Headers.TryAddWithoutValidation(name, value)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        if (!message.Headers.Contains("Accept")) message.Headers.TryAddWithoutValidation("Accept", "application/json");
        return message;
    }

    private static async Task<Utf8Text> ReadBodyAsync(HttpContent content, KeyRedaction redaction, CancellationToken cancel)
    {
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            var length = 0;
            for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length), cancel)) > 0 && (length += read) < MaxBody;)
            {
                if (length < buffer.Length) continue;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger.AsSpan());
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            ReadOnlySpan<byte> text = buffer.AsSpan(0, Math.Min(length, MaxBody));
            if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
            return Utf8Text.Of(SecretMembers.Hide(redaction.Apply(text, isCut: length >= MaxBody)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? ContentType(HttpContentHeaders headers) => headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var pause = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return pause is { } value ? TimeSpan.FromTicks(Math.Clamp(value.Ticks, 0, LongestRetryAfter.Ticks)) : null;
    }

    /// <summary>Returns the error message without the API key. The message can quote a status line or header that could not be parsed.</summary>
    private static string Describe(Exception broken, Credential credential) => credential.Redaction.Apply(broken.GetBaseException().Message);
}
