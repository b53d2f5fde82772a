using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;
using Microsoft.AspNetCore.Http.Features;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Http;

/// <summary>Passes a public request to the handler and its answer back, buffered: section 6 of the protocol.</summary>
internal sealed class HttpForwarder(HandlerCalls calls)
{
    public async Task ForwardAsync(HttpContext context)
    {
        var chunked = context.Request.Headers.TransferEncoding.Count > 0 && context.Request.ContentLength is null;
        if (chunked)
        {
            // The real host fails here before it calls the handler.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // Not tied to RequestAborted: the real host does not tell the handler that the client has gone.
        var (answer, _) = await calls.CallAsync((address, abort) => SendAsync(context.Request, body.ToArray(), address, abort));
        using (answer)
        {
            if (answer is null) context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            else await CopyAsync(answer, context.Response);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The content is disposed with the request.")]
    private async Task<HttpResponseMessage> SendAsync(HttpRequest original, byte[] body, Uri address, CancellationToken abort)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(original.Method), new Uri(address.GetLeftPart(UriPartial.Authority) + Target(original)));
        if (original.ContentLength is not null) request.Content = new ByteArrayContent(body);
        foreach (var (name, values) in original.Headers)
        {
            if (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation(
            "User-Agent", $"{original.Headers.UserAgent} Azure-Functions-Host/{HandlerCalls.HostVersion}".TrimStart());
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-HostVersion", HandlerCalls.HostVersion);
        request.Headers.TryAddWithoutValidation("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        return await calls.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, abort);
    }

    /// <summary>The path as the client wrote it; of the query, repeated parameters become one with commas.</summary>
    private static string Target(HttpRequest request)
    {
        var raw = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = raw.Split('?', 2)[0];
        var query = request.Query.Select(p =>
            UrlEncoder.Default.Encode(p.Key) + "=" + string.Join(',', p.Value.Select(v => Uri.EscapeDataString(v ?? ""))));
        return request.Query.Count == 0 ? path : path + "?" + string.Join('&', query);
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Connection", StringComparison.OrdinalIgnoreCase)) continue;
            response.Headers[name] = values.ToArray();
        }

        var body = await answer.Content.ReadAsByteArrayAsync();
        if (body.Length > 0) await response.Body.WriteAsync(body);
    }
}
