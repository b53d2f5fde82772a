using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Finds values that Clockify would refuse or ignore, before the call takes a permit. Preflight checks the form of values. It does not
/// check whether an object exists in the workspace.
/// </summary>
internal static class Preflight
{
    private const string StartField = "start", EndField = "end";

    /// <summary>Describes a malformed id in the path, or returns null if all ids are well-formed. Clockify would only answer that the object does not exist.</summary>
    public static Problem? WrongId(EndpointTemplate endpoint, Uri url)
    {
        var path = url.OriginalString.AsSpan();
        if (path.IndexOf('?') is var query and >= 0) path = path[..query];
        for (var index = endpoint.Segments.Length - 1; index >= 0; index--)
        {
            var slash = path.LastIndexOf('/');
            var name = endpoint.Segments[index];
            var id = path[(slash + 1)..];
            path = path[..slash];
            if (name[0] == '{' && !Names.IsClockifyId(id) && !(name == "{id}" && endpoint.Id!.Type != FieldType.Id))
                return new Problem("$", $"{FieldFault.Shown(Uri.UnescapeDataString(id.ToString()))} stands for {name} in the path and is not a Clockify id; an id has 24 hexadecimal digits.");
        }

        return null;
    }

    /// <summary>Returns whether a record can be sent unchanged and has no problem.</summary>
    public static bool IsFine(Destination destination, JsonElement record) =>
        !destination.Reshapes && (destination.Endpoint is { } endpoint ? PlainLook.IsRight(destination, endpoint, record) : !destination.Converts && !destination.ConvertsDates);

    /// <param name="payload">The payload to check.</param>
    /// <param name="reported">JSON paths of values whose problems are already reported.</param>
    /// <param name="errors">Receives problems that Clockify would refuse.</param>
    /// <param name="unmeant">Receives members that Clockify would silently ignore.</param>
    public static void Check(Destination destination, EndpointTemplate endpoint, JsonElement payload, IReadOnlySet<string> reported, ICollection<Problem> errors, ICollection<Problem> unmeant)
    {
        if (!PlainLook.IsRight(destination, endpoint, payload)) CheckEach(destination, endpoint, payload, reported, errors, unmeant);
    }

    /// <summary>Checks each field, without the fast check of <see cref="PlainLook"/>.</summary>
    internal static void CheckEach(Destination destination, EndpointTemplate endpoint, JsonElement payload, IReadOnlySet<string> reported, ICollection<Problem> errors, ICollection<Problem> unmeant)
    {
        new FieldCheck(reported, errors, destination.Timers).CheckMembers(endpoint.Fields, payload, "$", destination.UpdateMode, $"'{endpoint.Title}' needs it. Add it, or map an attribute to it");
        if (endpoint.Field(StartField) is not null && Time(payload, StartField) is { } start && Time(payload, EndField) is { } end && end.ToUnixTimeSeconds() < start.ToUnixTimeSeconds()) // Clockify cuts fractions.
            errors.Add(new Problem($"$.{EndField}", "is before start; exchange the two, or correct them."));
        if (destination.UnknownAttributes != UnknownAttributes.Ignore) UnknownMembers.Check(destination, endpoint, payload, unmeant);
    }

    private static DateTimeOffset? Time(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParseExact(value.GetString(), FieldFault.DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;
}
