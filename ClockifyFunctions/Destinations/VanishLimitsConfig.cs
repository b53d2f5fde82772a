using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The limits of a config for the number of objects that may vanish in one run.</summary>
public sealed record VanishLimitsConfig
{
    [Description("Part of the linked, active objects, in percent. Range 0 to 100. Default 10.")]
    public int? Percent { get; init; }

    [Description("Number of objects that may vanish in one run even if percent is exceeded. Range 0 to 1000000. Default 5.")]
    public int? AtLeast { get; init; }

    /// <summary>Unknown members; see <see cref="DestinationConfig.Unknown"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    internal static VanishLimits Read(VanishLimitsConfig? config, ICollection<Problem> problems)
    {
        foreach (var name in config?.Unknown?.Keys ?? Enumerable.Empty<string>()) problems.Add(new Problem($"$.limits.{name}", "is unknown; use percent and atLeast."));
        return new VanishLimits(Ranges.Read(config?.Percent, 10, 0, 100, "$.limits.percent", problems), Ranges.Read(config?.AtLeast, 5, 0, 1_000_000, "$.limits.atLeast", problems));
    }
}

/// <summary>The limits for vanishing objects. A run that exceeds them waits for approval by a person.</summary>
/// <param name="Percent">The permitted percentage of the linked, active objects.</param>
/// <param name="AtLeast">The number of objects that may vanish in any case.</param>
internal sealed record VanishLimits(int Percent, int AtLeast)
{
    /// <param name="active">The number of linked and active objects.</param>
    public int Most(int active) => Math.Max(AtLeast, (int)((long)active * Percent / 100));
}
