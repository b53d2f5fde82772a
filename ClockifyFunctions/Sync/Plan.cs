using System.Globalization;
using System.Text;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sync;

/// <summary>What records would do. Delivery decides by the same code.</summary>
/// <param name="Version">Of the links that the plan goes by.</param>
/// <param name="Run">Whether the records are all of a run, so that what they do not name vanishes.</param>
/// <param name="Rows">Everything but what stays as it is.</param>
/// <param name="Note">Why the plan may not be what delivery does; null if nothing is missing.</param>
internal sealed record Plan(Destination Destination, string Version, int Records, bool Run, IReadOnlyList<PlanRow> Rows, int Unchanged, string? Note)
{
    private const int ObjectWidth = 10, LabelWidth = 28, KeyWidth = 12, StepWidth = 8;

    /// <summary>Calls that were made to find out.</summary>
    public int Lookups { get; init; }

    public int Calls => Rows.Sum(row => row.Calls);

    /// <summary>How long the calls take at the rate that the credential permits.</summary>
    public double Seconds => Math.Round(Calls / Rate, 1);

    private double Rate => Destination.Credential.Limits.Min(window => window.PerSecond);

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"plan for {Destination.Id} -> workspace {Destination.WorkspaceId} ({(Run ? "a complete run, " : "")}{Records:N0} records)\n");
        foreach (var row in Rows) text.Append(LineOf(row)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"= {"unchanged",-StepWidth} {Unchanged:N0}\n");
        var counts = Enum.GetValues<PlanStep>().Select(step => (step, Count: Rows.Count(row => row.Step == step))).Where(one => one.Count > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count:N0} {PhraseOf(one.step, one.Count)}"));
        text.Append(string.Join(", ", counts) is { Length: > 0 } list ? list : "Nothing to do");
        text.Append(CultureInfo.InvariantCulture, $". {Calls:N0} calls, {Seconds} s at {Rate:0.##}/s; lookups took {Lookups:N0} calls.\n");
        if (Note is not null) text.Append("Note: ").Append(Note).Append('\n');
        return text.ToString();
    }

    private static string LineOf(PlanRow row)
    {
        var details = string.Join("; ", row.Details);
        return (row.Step == PlanStep.Error
            ? $"! {"error",-StepWidth} {(row.Record is { } number ? string.Create(CultureInfo.InvariantCulture, $"row {number}") : row.Key ?? ""),-ObjectWidth} {details}"
            : $"{SignOf(row.Step)} {PlanRow.NameOf(row.Step),-StepWidth} {row.Object,-ObjectWidth} {row.Label ?? "",-LabelWidth} {row.Key ?? "",-KeyWidth} {details}").TrimEnd();
    }

    private static char SignOf(PlanStep step) => step switch
    {
        PlanStep.Create => '+',
        PlanStep.Update or PlanStep.Restore or PlanStep.Drift => '~',
        PlanStep.Adopt => '<',
        PlanStep.Error => '!',
        _ => '-',
    };

    private static string PhraseOf(PlanStep step, int count) => step switch
    {
        PlanStep.Error => count == 1 ? "error" : "errors",
        PlanStep.Drift => "changed in Clockify",
        _ => $"to {PlanRow.NameOf(step)}",
    };
}

/// <summary>What happens to one object.</summary>
internal enum PlanStep
{
    Create,
    Update,
    Adopt,
    Restore,
    Archive,
    Delete,

    /// <summary>Somebody changed the object in Clockify.</summary>
    Drift,

    /// <summary>The record would be quarantined.</summary>
    Error,
}

/// <param name="Object">What the object is called: project.</param>
/// <param name="Label">By what a person recognizes it.</param>
/// <param name="Id">Of the object that is there; null for one that is created.</param>
/// <param name="Record">Place of the record, from 1; null for an object that no record names.</param>
/// <param name="Details">What changes, or why nothing is sent.</param>
internal sealed record PlanRow(PlanStep Step, string Object, string? Label, string? Key, string? Id, int? Record, IReadOnlyList<string> Details, int Calls)
{
    /// <summary>Where only the hash of the key is known.</summary>
    public UInt128? KeyHash { get; init; }

    public static string NameOf(PlanStep step) => char.ToLowerInvariant(step.ToString()[0]) + step.ToString()[1..];
}
