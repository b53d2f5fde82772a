using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Api;

/// <summary>Reads request bodies.</summary>
internal static class Body
{
    /// <summary>The body, or null and a refusal that names everything that is wrong with it.</summary>
    /// <param name="remedy">What to send instead.</param>
    public static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, string remedy, CancellationToken cancel)
        where T : class
    {
        var problems = new List<Problem>();
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel);
            UnknownMembers.Find(json.RootElement, type, "$", problems);
            var value = json.RootElement.Deserialize(type);
            if (value is null) problems.Add(new Problem("$", "is null."));
            if (problems.Count == 0) return (value, null);
        }
        catch (JsonException malformed)
        {
            problems.Add(malformed.Path is { } path
                ? new Problem(path, "has a value of another type.")
                : new Problem("$", string.Create(CultureInfo.InvariantCulture, $"is not JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).")));
        }

        return (null, Problems.Answer(400, "The body is not valid.", remedy, problems));
    }
}
