using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>How records are written.</summary>
internal enum ContentFormat
{
    Json,
    Xml,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary><c>multipart/form-data</c>, which also carries files.</summary>
    Multipart,
}

/// <summary>What an update does with members that the record leaves out.</summary>
internal enum UpdateMode
{
    /// <summary>Clockify clears them.</summary>
    Replace,

    /// <summary>The object is read first, and they are sent as they are.</summary>
    Merge,
}

/// <summary>What a delete of something that is not there counts as.</summary>
internal enum WhenGone
{
    Delivered,
    Rejected,
}

/// <summary>What happens to a record that Clockify would refuse or lose something of.</summary>
internal enum ValidationMode
{
    Reject,
    Warn,
    Off,
}

/// <summary>What happens to a record with an attribute that nothing takes, or that Clockify drops.</summary>
internal enum UnknownAttributes
{
    /// <summary>It is quarantined before any call.</summary>
    Reject,

    /// <summary>It is sent, and its response event and the status say so.</summary>
    Warn,

    Ignore,
}

/// <summary>Reads a choice that a config writes as text.</summary>
internal static class Choices
{
    public static T Read<T>(string? text, T fallback, string path, ICollection<Problem> problems)
        where T : struct, Enum
    {
        if (text is null) return fallback;
        // TryParse also takes numbers and lists of names.
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
