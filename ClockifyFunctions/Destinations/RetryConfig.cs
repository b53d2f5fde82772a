using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The retry rules of a config: how long a record is tried again.</summary>
public sealed record RetryConfig
{
    private static readonly TimeSpan Default = TimeSpan.FromHours(1), Least = TimeSpan.FromMinutes(1), Most = TimeSpan.FromDays(7);

    [Description("How long a record may fail while the destination delivers others, before it is quarantined: [d.]hh:mm:ss. Default 01:00:00, range 00:01:00 to 7.00:00:00.")]
    public string? GiveUpAfter { get; init; }

    /// <summary>Unknown members; see <see cref="DestinationConfig.Unknown"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    internal static TimeSpan Read(RetryConfig? config, ICollection<Problem> problems)
    {
        foreach (var name in config?.Unknown?.Keys ?? Enumerable.Empty<string>()) problems.Add(new Problem($"$.retry.{name}", "is unknown; use giveUpAfter."));
        if (config?.GiveUpAfter is not { } text) return Default;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= Least && value <= Most) return value;
        problems.Add(new Problem("$.retry.giveUpAfter", $"'{text}' is not a duration from {Least:c} to {Most:c}; write hh:mm:ss or d.hh:mm:ss."));
        return Default;
    }
}
