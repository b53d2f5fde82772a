using System.Net;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>Passes the HTTP calls of one instance of the app to the hosts of its <see cref="TestWorld"/>.</summary>
internal sealed class ApiHandler(InMemoryHosts hosts, TimeProvider clock, KillSwitch killSwitch) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await killSwitch.WhileRunningAsync();
        // The host gets a copy, because the caller disposes the request when it cancels.
        var sent = await CopyAsync(request);
        return await killSwitch.AnswerAsync(AnswerAsync(sent), cancellationToken);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        await Task.Delay(hosts.Latency / 2, clock);
        var host = hosts.Find(request.RequestUri!.Authority);
        if (host.IsDown) throw new HttpRequestException(HttpRequestError.ConnectionError, $"{request.RequestUri.Authority} refuses connections.");
        if (host.Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, clock);
        HttpResponseMessage answer;
        try
        {
            answer = await host.AnswerAsync(request);
        }
        catch (Exception dropped) when (dropped is not HttpRequestException)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection was closed before the response.", dropped);
        }

        await Task.Delay(hosts.Latency / 2, clock);
        return answer;
    }

    private static async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Version = HttpVersion.Version11 };
        foreach (var header in request.Headers.NonValidated) copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (request.Content is null) return copy;
        copy.Content = new ByteArrayContent(await request.Content.ReadAsByteArrayAsync(CancellationToken.None));
        foreach (var header in request.Content.Headers.NonValidated) copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return copy;
    }
}
