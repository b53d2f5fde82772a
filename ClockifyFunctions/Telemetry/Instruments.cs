using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClockifyFunctions.Telemetry;

/// <summary>Everything the app measures, with its unit. Nothing is recorded while nobody listens, which is what no exporter means.</summary>
internal static class Instruments
{
    /// <summary>Of the meter and the activity source.</summary>
    public const string Name = "ClockifyFunctions";

    /// <summary>Names of attributes; those without "clockify" are OpenTelemetry's.</summary>
    public const string Destination = "clockify.destination", Credential = "clockify.credential", OutcomeName = "clockify.outcome", End = "clockify.drain.end", Operation = "clockify.storage.operation",
        StatusCode = "http.response.status_code", ErrorType = "error.type";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Ingested = Meter.CreateCounter<long>("clockify.records.ingested", "{record}", "Records taken from the queue into a backlog.");

    public static readonly Counter<long> Records = Meter.CreateCounter<long>("clockify.records", "{record}", "Records that are done, by outcome.");

    public static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>("clockify.call.duration", "s", "Calls of the API, from sending to the whole answer.");

    public static readonly Counter<long> Throttled = Meter.CreateCounter<long>("clockify.calls.throttled", "{call}", "Calls answered with 429.");

    public static readonly Counter<long> Permits = Meter.CreateCounter<long>("clockify.gate.permits", "{permit}", "Permits given, one for each call.");

    public static readonly Counter<long> Lookups = Meter.CreateCounter<long>("clockify.lookups", "{call}", "Calls that find or create the objects which records name.");

    public static readonly Histogram<double> PermitWait = Meter.CreateHistogram<double>("clockify.gate.wait.duration", "s", "From asking for a permit to having it.");

    public static readonly Counter<long> Drains = Meter.CreateCounter<long>("clockify.drains", "{drain}", "Drains that have ended, by why.");

    public static readonly Counter<long> QuarantineEntries = Meter.CreateCounter<long>("clockify.quarantine.entries", "{entry}", "Records and messages that went into the quarantine.");

    public static readonly Counter<long> StorageTransactions = Meter.CreateCounter<long>("clockify.storage.transactions", "{transaction}", "Requests to the storage account, retries included.");

    /// <summary>Part of the permitted rate that was used while the gate was held, by credential.</summary>
    public static readonly RecentValues GateUtilization = new(TimeProvider.System);

    /// <summary>By destination.</summary>
    public static readonly RecentValues BacklogSize = new(TimeProvider.System), BacklogAge = new(TimeProvider.System);

    /// <summary>By credential: 1 while the API refuses the key.</summary>
    public static readonly RecentValues CredentialSuspended = new(TimeProvider.System);

    private static readonly ObservableGauge<double>[] Gauges =
    [
        Gauge("clockify.gate.utilization", "1", "Part of the permitted rate that was used, while the gate was held.", Credential, GateUtilization),
        Gauge("clockify.backlog.size", "{record}", "Records that wait, estimated where they are many.", Destination, BacklogSize),
        Gauge("clockify.backlog.age", "s", "How long the oldest record has waited.", Destination, BacklogAge),
        Gauge("clockify.credential.suspended", "1", "1 while the API refuses the key.", Credential, CredentialSuspended),
    ];

    /// <summary>Whether anybody wants to know what waits; finding out costs a read for each backlog.</summary>
    public static bool BacklogsAreWatched => Gauges[1].Enabled || Gauges[2].Enabled;

    private static ObservableGauge<double> Gauge(string name, string unit, string description, string attribute, RecentValues values) =>
        Meter.CreateObservableGauge(name, () => values.Recent().Select(value => new Measurement<double>(value.Value, new KeyValuePair<string, object?>(attribute, value.Key))), unit, description);
}
