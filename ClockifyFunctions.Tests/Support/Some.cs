using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Creates arbitrary values, so that a test shows only the values that matter.</summary>
internal static class Some
{
    private static int _count;

    public static string Name(string prefix = "some") => $"{prefix}-{Interlocked.Increment(ref _count)}";

    public static Credential Credential(string? name = null, string key = "some-key", params RateWindow[] limits) =>
        new(name ?? Name("credential"), key, "X-Api-Key", new Uri("http://127.0.0.1:1/api/v1"), limits is [] ? [TenPerSecond] : limits);

    public static RateWindow TenPerSecond { get; } = new(10, TimeSpan.FromSeconds(1));

    public static AppSettings Settings(string storage) => new()
    {
        StorageConnection = storage,
        ServiceBusConnection = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true",
        Credentials = new Dictionary<string, Credential>(),
    };

    public static CallResult Answer(int status, string body = "") => new(status, body, "application/json", null, null, true, TimeSpan.Zero);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
