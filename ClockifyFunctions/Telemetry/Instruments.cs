using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ClockifyFunctions.Telemetry;

/// <summary>All metrics of the app with their units. Without an exporter, nothing is recorded.</summary>
internal static class Instruments
{
    /// <summary>Name of the meter and the activity source.</summary>
    public const string Name = "ClockifyFunctions";

    /// <summary>Names of attributes. Those without the prefix "clockify" are defined by OpenTelemetry.</summary>
    public const string Destination = "clockify.destination", Credential = "clockify.credential", OutcomeName = "clockify.outcome", End = "clockify.drain.end", Operation = "clockify.storage.operation",
        StatusCode = "http.response.status_code", ErrorType = "error.type";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Ingested = Meter.CreateCounter<long>("clockify.records.ingested", "{record}", "Records appended from the queue to a backlog.");

    public static readonly Counter<long> Records = Meter.CreateCounter<long>("clockify.records", "{record}", "Finished records, by outcome.");

    public static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>("clockify.call.duration", "s", "Duration of API calls, from sending to the complete response.");

    public static readonly Counter<long> Throttled = Meter.CreateCounter<long>("clockify.calls.throttled", "{call}", "Calls answered with 429.");

    public static readonly Counter<long> Permits = Meter.CreateCounter<long>("clockify.gate.permits", "{permit}", "Permits issued, one for each call.");

    public static readonly Counter<long> Lookups = Meter.CreateCounter<long>("clockify.lookups", "{call}", "Calls that find or create the objects that records name.");

    public static readonly Histogram<double> PermitWait = Meter.CreateHistogram<double>("clockify.gate.wait.duration", "s", "Time between the request for a permit and the permit.");

    public static readonly Counter<long> Drains = Meter.CreateCounter<long>("clockify.drains", "{drain}", "Ended drains, by reason.");

    public static readonly Counter<long> QuarantineEntries = Meter.CreateCounter<long>("clockify.quarantine.entries", "{entry}", "Records and messages added to the quarantine.");

    public static readonly Counter<long> StorageTransactions = Meter.CreateCounter<long>("clockify.storage.transactions", "{transaction}", "Requests to the storage account, including retries.");

    /// <summary>Used part of the permitted rate while the gate was held, by credential.</summary>
    public static readonly RecentValues GateUtilization = new(TimeProvider.System);

    /// <summary>Number of waiting records and age of the oldest one in seconds, by destination.</summary>
    public static readonly RecentValues BacklogSize = new(TimeProvider.System), BacklogAge = new(TimeProvider.System);

    /// <summary>By credential: 1 while it is suspended, because the API refuses the key or the key cannot be sent.</summary>
    public static readonly RecentValues CredentialSuspended = new(TimeProvider.System);

    private static readonly ObservableGauge<double>[] Gauges =
    [
        Gauge("clockify.gate.utilization", "1", "Used part of the permitted rate while the gate was held.", Credential, GateUtilization),
        Gauge("clockify.backlog.size", "{record}", "Waiting records; an estimate if there are many.", Destination, BacklogSize),
        Gauge("clockify.backlog.age", "s", "Age of the oldest waiting record.", Destination, BacklogAge),
        Gauge("clockify.credential.suspended", "1", "1 while the credential is suspended: the API refuses the key, or the key cannot be sent.", Credential, CredentialSuspended),
    ];

    /// <summary>Whether a listener observes the backlog gauges. Measuring costs one read for each backlog.</summary>
    public static bool BacklogsAreWatched => Gauges[1].Enabled || Gauges[2].Enabled;

    private static ObservableGauge<double> Gauge(string name, string unit, string description, string attribute, RecentValues values) =>
        Meter.CreateObservableGauge(name, () => values.Recent().Select(value => new Measurement<double>(value.Value, new KeyValuePair<string, object?>(attribute, value.Key))), unit, description);
}
