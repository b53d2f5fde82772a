using System.Text.Json.Serialization;

namespace ClockifyFunctions.Responses;

/// <summary>
/// A CloudEvents 1.0 event for records that needed no call, because their objects already equal the records. One event contains many records. After a
/// crash, another event with another id may contain a record again.
/// </summary>
/// <param name="Source"><c>/destinations/{id}</c>.</param>
/// <param name="Type"><see cref="TypeName"/>.</param>
internal sealed record UnchangedEvent(string Id, string Source, string Type, DateTimeOffset Time, UnchangedEvent.Records Data)
{
    public const string TypeName = "clockify.records.unchanged";

    /// <summary>Maximum number of records in one event. With keys of usual length, the event is smaller than the 256 KB of a standard message.</summary>
    public const int MostRecords = 500;

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <param name="Change"><c>unchanged</c>.</param>
    internal sealed record Records(string Destination, string Change, IReadOnlyList<Record> Unchanged);

    /// <param name="Key">External key.</param>
    /// <param name="ObjectId">Clockify id of the key's object; null if there is none.</param>
    internal sealed record Record(string RecordId, string? MessageId, string Key, string? ObjectId);
}
