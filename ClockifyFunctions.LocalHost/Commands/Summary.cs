using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The result of a demo run, counted at the simulator and on the response queue.</summary>
internal sealed record Summary(
    int Records, int Delivered, int Quarantined, int Lost, int Duplicates, int Responses429, int WindowsAboveLimit,
    double CallsPerSecond, double PermittedPerSecond, double Utilisation, double StorageTransactionsPerCall, int ResponseEvents, double ElapsedSeconds)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>True if every record was delivered exactly once and the API refused no call.</summary>
    public bool IsPerfect => Delivered == Records && Lost == 0 && Duplicates == 0 && Responses429 == 0;

    /// <summary>Counts the expected entries that are missing and the entries that exist more than once.</summary>
    public static (int Lost, int Duplicates) Compare(IEnumerable<string> records, IEnumerable<CreatedTimeEntry> created)
    {
        var expected = records.Select(RecordKey.Of).ToList();
        var withoutStart = expected.Where(key => key.Start is null).Select(key => key.Description).ToHashSet(StringComparer.Ordinal);
        var wanted = expected.CountBy(key => key).ToDictionary();
        var found = created.CountBy(entry => new RecordKey(entry.Description, withoutStart.Contains(entry.Description) ? null : entry.Start)).ToDictionary();
        return (
            wanted.Sum(entry => Math.Max(0, entry.Value - found.GetValueOrDefault(entry.Key))),
            found.Sum(entry => Math.Max(0, entry.Value - wanted.GetValueOrDefault(entry.Key))));
    }
}
