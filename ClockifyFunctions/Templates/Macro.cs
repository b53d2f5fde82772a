using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>A parsed macro of a template.</summary>
internal abstract record Macro
{
    /// <summary>An attribute of the record: <c>{record.path}</c> or <c>{{path}}</c>.</summary>
    internal sealed record Attribute(AttributePath Path) : Macro;

    /// <summary>An input of the destination, such as <c>{projectId}</c>. Its value can contain macros.</summary>
    internal sealed record Input(string Name, Template Value) : Macro;

    /// <summary>The ids that a reference resolves to. This macro has no text form. The application inserts it where the reference belongs.</summary>
    internal sealed record Reference(string Name) : Macro;

    /// <summary>The current time: <c>{now}</c>, <c>{now-5d:yyyy-MM-dd}</c>, and date parts such as <c>{YYYY}</c>.</summary>
    internal sealed record Now(TimeSpan Offset, string? Format) : Macro
    {
        private bool IsUtc { get; } = Format?.Contains('Z', StringComparison.Ordinal) ?? true;

        /// <summary>
        /// Formats the time. Without a format, or with a format that contains Z, the time is in UTC. Otherwise the time is in the time zone of
        /// the context, or in UTC if the destination has no time zone.
        /// </summary>
        /// <returns>Null if the destination uses the time zone of the record's user and that zone is not known.</returns>
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

    /// <summary>The whole payload: <c>{message.json}</c>.</summary>
    internal sealed record Message : Macro;

    /// <summary>Joins a list of scalars with commas, as for a query parameter. Returns false for any other value.</summary>
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

    /// <summary>Returns the text of a scalar. Returns false for a list, an object or a missing value.</summary>
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
