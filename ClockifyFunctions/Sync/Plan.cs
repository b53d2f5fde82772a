using System.Globalization;
using System.Text;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sync;

/// <summary>The changes that records would make. Delivery uses the same code for its decisions.</summary>
/// <param name="Version">The version of the links that the plan is based on.</param>
/// <param name="Run">Whether the records are a complete run, so that objects that they do not name vanish.</param>
/// <param name="Rows">All changes and errors. Unchanged records have no row.</param>
/// <param name="Note">A limitation of the plan; null if there is none.</param>
internal sealed record Plan(Destination Destination, string Version, int Records, bool Run, IReadOnlyList<PlanRow> Rows, int Unchanged, string? Note)
{
    private const int ObjectWidth = 10, LabelWidth = 28, KeyWidth = 12, StepWidth = 8;

    /// <summary>The number of calls that were made for the plan.</summary>
    public int Lookups { get; init; }

    public int Calls => Rows.Sum(row => row.Calls);

    /// <summary>The duration of the calls at the permitted rate of the credential.</summary>
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

/// <summary>The change of one object.</summary>
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

/// <param name="Object">The name of the kind of object, for example project.</param>
/// <param name="Label">The name by which a person recognizes the object.</param>
/// <param name="Id">The id of an existing object; null for one that is created.</param>
/// <param name="Record">The position of the record, from 1; null for an object that no record names.</param>
/// <param name="Details">The differences, or the reasons.</param>
internal sealed record PlanRow(PlanStep Step, string Object, string? Label, string? Key, string? Id, int? Record, IReadOnlyList<string> Details, int Calls)
{
    /// <summary>The hash of the key, if the key itself is not known.</summary>
    public UInt128? KeyHash { get; init; }

    public static string NameOf(PlanStep step) => char.ToLowerInvariant(step.ToString()[0]) + step.ToString()[1..];
}
