using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Calculates a field from a duration in the record: <c>start</c> and <c>duration</c> give <c>end</c>.</summary>
internal sealed class AddedDuration(AddsRule rule)
{
    private TimeSpan? _duration;
    private string? _to, _given;

    public AddsRule Rule => rule;

    /// <summary>Whether the record contains the duration.</summary>
    public bool IsGiven => _duration is not null;

    /// <summary>Reads the duration. Returns its problem, or null if it is valid.</summary>
    public string? Take(JsonElement value, ValueOptions options)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (!Macro.TryScalar(value, out var text)) return $"is {Kinds.Name(value.ValueKind)}, which is not a duration; write 1.5 (hours), 1:30, 1h 30m or PT1H30M.";
        _duration = DurationText.Read(text.Trim(), options.Unit, out var problem);
        return _duration is null ? problem : null;
    }

    /// <summary>Notes a field of the payload when it is written.</summary>
    public void Note(string field, string text)
    {
        if (field == rule.To) _to = text;
        else if (field == rule.Gives) _given = text;
    }

    /// <summary>Returns the value of the calculated field. Returns unchanged if the payload contains the same value, and a problem if it contains another value.</summary>
    public Converted Result()
    {
        if (Moment(_to) is not { } to) return Converted.Refused($"cannot be computed from the duration, because the record has no {rule.To}; send it, or map an attribute to it.");
        var end = to + _duration!.Value;
        if (_given is null) return Converted.To($"\"{end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\"");
        return Moment(_given) is not { } given || given.ToUnixTimeSeconds() == end.ToUnixTimeSeconds()
            ? Converted.Unchanged
            : Converted.Refused($"is {_given}, and {rule.To} with the duration gives {end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}; correct one of them, or leave one out with excludeAttributes.");
    }

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParseExact(text, FieldFault.DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is > 1 and < 9999 ? at : null;
}
