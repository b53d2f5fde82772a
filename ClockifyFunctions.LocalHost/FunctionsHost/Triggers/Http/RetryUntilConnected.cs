namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.Http;

/// <summary>Repeats a forwarded request while the worker is unreachable. The number of attempts and the pauses are those of the real host.</summary>
internal sealed class RetryUntilConnected(HttpMessageHandler inner, TimeProvider time) : DelegatingHandler(inner)
{
    private const int Tries = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(250);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException) when (attempt < Tries)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }
}
