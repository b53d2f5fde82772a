using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>The result of a run of <c>demo --agency</c>.</summary>
/// <param name="Calls">Number of calls that the simulator received.</param>
/// <param name="Lookups">Number of these calls that read.</param>
/// <param name="WritesAgain">Number of writing calls of the second and later imports. Null if the file was imported once.</param>
/// <param name="LookupsAgain">Number of reading calls of these imports.</param>
internal sealed record AgencySummary(
    int Rows, int Times, int EntriesExpected, int EntriesMatching, int EntriesUnexpected, int QuarantinedExpected, int QuarantinedMatching, int QuarantinedUnexpected,
    int CreatedExpected, int CreatedMatching, int CreatedTwice, int NotSettled, int Calls, int Lookups, int Responses429, int? WritesAgain, int? LookupsAgain, double ElapsedSeconds,
    IReadOnlyList<string> Differences)
{
    private const int MostShown = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public bool IsPerfect => Differences.Count == 0 && NotSettled == 0 && Responses429 == 0 && WritesAgain is null or 0 && LookupsAgain is null or 0;

    public Task WriteAsync(string file, CancellationToken cancel) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, Json), cancel);

    public void Print()
    {
        foreach (var difference in Differences.Take(MostShown)) AnsiConsole.MarkupLineInterpolated($"[red]![/] {difference}");
        if (Differences.Count > MostShown) AnsiConsole.MarkupLineInterpolated($"[red]![/] and {Differences.Count - MostShown} more.");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Agency").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
        Row("Rows in the file, times", $"{Rows} x {Times}");
        Row("Entries as expected", $"{EntriesMatching} of {EntriesExpected}");
        Row("Entries not expected", $"{EntriesUnexpected}");
        Row("Quarantined as expected", $"{QuarantinedMatching} of {QuarantinedExpected}");
        Row("Quarantined, not expected", $"{QuarantinedUnexpected}");
        Row("Tasks and tags created as expected", $"{CreatedMatching} of {CreatedExpected}");
        Row("Created twice", $"{CreatedTwice}");
        Row("Rows that were not settled", $"{NotSettled}");
        Row("Calls", $"{Calls}");
        Row("Lookups among them", $"{Lookups} ({100.0 * Lookups / Math.Max(1, Calls):0.0} %)");
        Row("429 answers", $"{Responses429}");
        if (WritesAgain is { } writes) Row("Writes of repeated imports", $"{writes}");
        if (LookupsAgain is { } lookups) Row("Lookups of repeated imports", $"{lookups}");
        Row("Elapsed", $"{ElapsedSeconds:0.0} s");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(IsPerfect ? "[green]The workspace is as expected.[/]" : "[red]The workspace is not as expected, or unnecessary calls were made.[/]");
    }
}
