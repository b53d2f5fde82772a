using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The encoding of the body.</summary>
internal enum ContentFormat
{
    Json,
    Xml,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary><c>multipart/form-data</c>, which also carries files.</summary>
    Multipart,
}

/// <summary>The treatment of members that the record of an update does not contain.</summary>
internal enum UpdateMode
{
    /// <summary>Clockify clears them.</summary>
    Replace,

    /// <summary>Delivery reads the object first and sends its current values.</summary>
    Merge,
}

/// <summary>The result of a delete whose object does not exist.</summary>
internal enum WhenGone
{
    Delivered,
    Rejected,
}

/// <summary>The treatment of a record that Clockify would refuse, or of which Clockify would drop a value.</summary>
internal enum ValidationMode
{
    Reject,
    Warn,
    Off,
}

/// <summary>The treatment of a record with an attribute that the destination does not use, or that Clockify drops.</summary>
internal enum UnknownAttributes
{
    /// <summary>The record is quarantined before any call.</summary>
    Reject,

    /// <summary>The record is sent. Its response event and the status of the destination contain a warning.</summary>
    Warn,

    Ignore,
}

/// <summary>Reads a choice that a config contains as text.</summary>
internal static class Choices
{
    public static T Read<T>(string? text, T fallback, string path, ICollection<Problem> problems)
        where T : struct, Enum
    {
        if (text is null) return fallback;
        // Enum.TryParse also accepts numbers and lists of names.
        if (text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var value)) return value;
        problems.Add(new Problem(path, $"'{text}' is unknown; use {Names<T>()}."));
        return fallback;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "The names are written in lower case in configs.")]
    public static string Names<T>()
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(name => name.ToLowerInvariant()).ToArray();
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
