using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>A placeholder in a template, understood.</summary>
internal abstract record Macro
{
    /// <summary><c>{record.path}</c> and <c>{{path}}</c>.</summary>
    internal sealed record Attribute(AttributePath Path) : Macro;

    /// <summary>A template input such as <c>{projectId}</c>, which may hold macros of its own.</summary>
    internal sealed record Input(string Name, Template Value) : Macro;

    /// <summary>The ids that a reference finds. No text has this macro: a reference fills its place by itself.</summary>
    internal sealed record Reference(string Name) : Macro;

    /// <summary><c>{now}</c>, <c>{now-5d:yyyy-MM-dd}</c>, and date parts such as <c>{YYYY}</c>.</summary>
    internal sealed record Now(TimeSpan Offset, string? Format) : Macro
    {
        private bool IsUtc { get; } = Format?.Contains('Z', StringComparison.Ordinal) ?? true;

        /// <summary>Without a format, or with one that says Z: in UTC. With another one: in the destination's time zone, which is UTC if it names none.</summary>
        /// <returns>Null if the zone is that of a user and not known.</returns>
        public string? Text(in RenderContext context, ICollection<Problem> refusals)
        {
            var at = context.Now + Offset;
            if (Format is null) return at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (!IsUtc && context is { Zone: null, UsesUserZone: true })
            {
                refusals.Add(new Problem("$", $"The macro with the format {Format} needs the time zone of the record's user, which is not known; set timeZone to an IANA name."));
                return null;
            }

            return TimeZoneInfo.ConvertTime(at, IsUtc ? TimeZoneInfo.Utc : context.Zone ?? TimeZoneInfo.Utc).ToString(Format.Length == 1 ? $"%{Format}" : Format, CultureInfo.InvariantCulture);
        }
    }

    /// <summary><c>{message.json}</c>: the whole payload.</summary>
    internal sealed record Message : Macro;

    /// <summary>Scalars of a list, separated by commas; false for anything else. A query parameter takes them so.</summary>
    public static bool TryList(JsonElement value, out string text)
    {
        text = "";
        if (value.ValueKind != JsonValueKind.Array) return false;
        var items = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (!TryScalar(item, out var scalar)) return false;
            items.Add(scalar);
        }

        text = string.Join(',', items);
        return items.Count > 0;
    }

    /// <summary>The scalar's text; false for a list, an object, or nothing.</summary>
    public static bool TryScalar(JsonElement value, out string text)
    {
        text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "",
        };
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
    }
}
