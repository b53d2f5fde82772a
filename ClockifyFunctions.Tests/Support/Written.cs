using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Creates destinations from JSON and renders records with them.</summary>
internal static class Written
{
    public static readonly DateTimeOffset Now = new(2026, 7, 10, 8, 0, 0, TimeSpan.Zero);

    public static Credential Credential(string baseUrl = "https://api.clockify.me/api/v1", params string[] allowed) =>
        new("default", "secret", "X-Api-Key", new Uri(baseUrl), [new RateWindow(10, TimeSpan.FromSeconds(1))], [.. allowed.Select(host => AllowedHost.TryParse(host, out var parsed) ? parsed : throw new ArgumentException(host))]);

    public static IReadOnlyList<Problem> Problems(string config, Credential? credential = null)
    {
        Assert.Equal(!TryCreate(config, credential, out _, out var problems), problems.Count > 0);
        return problems;
    }

    public static Destination Destination(string config, Credential? credential = null)
    {
        Assert.True(TryCreate(config, credential, out var destination, out var problems), string.Join("\n", problems));
        return destination!;
    }

    /// <summary>The body that is rendered for a record.</summary>
    public static string Body(string config, string record)
    {
        var request = Request(config, record);
        return Encoding.UTF8.GetString(request.Body.Span);
    }

    public static RenderedRequest Request(string config, string record, Credential? credential = null)
    {
        var result = RequestRenderer.Render(Destination(config, credential), Some.Json(record), Now);
        Assert.True(result.Request is not null, string.Join(" ", result.Problems));
        return result.Request;
    }

    public static IReadOnlyList<string> Refusals(string config, string record)
    {
        var result = RequestRenderer.Render(Destination(config), Some.Json(record), Now);
        Assert.Null(result.Request);
        return [.. result.Problems.Select(problem => problem.ToString())];
    }

    private static bool TryCreate(string config, Credential? credential, out Destination? destination, out IReadOnlyList<Problem> problems)
    {
        credential ??= Credential();
        var read = JsonSerializer.Deserialize(config, DestinationJson.Web.DestinationConfig)!;
        return ClockifyFunctions.Destinations.Destination.TryCreate("some", read, new Dictionary<string, Credential> { [credential.Name] = credential }, out destination, out problems);
    }
}
