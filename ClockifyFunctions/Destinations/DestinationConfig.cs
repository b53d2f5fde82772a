using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// The config of a destination: an endpoint, or a manual method and URL. See <see cref="Destination"/> for the validated form. The descriptions are
/// published with the JSON schema.
/// </summary>
public sealed record DestinationConfig
{
    [Description("Where editors find the schema; nothing else reads it.")]
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    [Description("Name of a credential in the app settings (Credentials__{name}__ApiKey) or of a managed credential. Required.")]
    public string? Credential { get; init; }

    [Description("One of the endpoint templates, for example createTimeEntry. Either this, or sync, or method and url.")]
    public string? Endpoint { get; init; }

    [Description("The template's inputs by name, for example workspaceId. All but workspaceId may hold macros, for example {record.project.id}. An input that a record can give may be left out.")]
    public IReadOnlyDictionary<string, string>? Inputs { get; init; }

    [Description("Manual configuration: the HTTP method.")]
    public string? Method { get; init; }

    [Description("Manual configuration: absolute URL; macros are permitted in the path and the query. Its host must be the credential's API or one of its AllowedHosts.")]
    public string? Url { get; init; }

    [Description("Manual configuration: how records are written: json, xml, form or multipart. xml is for other hosts than Clockify. Default json.")]
    public string? ContentType { get; init; }

    [Description("Manual configuration: further request headers as \"name:value,name:value\" or as an object; values may hold macros.")]
    public JsonElement? Headers { get; init; }

    [Description("Manual configuration: the body, with macros: {record.name}, and {{name}} wherever it stands. Default {message.json}, the whole record. Not with batching.")]
    public string? BodyTemplate { get; init; }

    [Description("Attributes that are not sent, top-level or dotted: [\"internal\", \"client.secret\"].")]
    public IReadOnlyList<string>? ExcludeAttributes { get; init; }

    [Description("What happens to a record with an attribute that no field takes or that Clockify drops, for endpoints: reject (quarantined before any call), warn (sent, and counted), ignore. An attribute that is mapped or excluded is known. Default reject.")]
    public string? UnknownAttributes { get; init; }

    [Description("Where a field's value comes from, and how it is written there: {\"start\": {\"date\": \"Day\", \"time\": \"From\", \"format\": \"dd.MM.yyyy HH:mm\"}, \"description\": \"What\", \"billable\": {\"value\": true}}. A field without a mapping takes the attribute of its name.")]
    public IReadOnlyDictionary<string, JsonElement>? Mapping { get; init; }

    [Description("Which ids the records give as names: {\"user\": \"E-mail\", \"project\": {\"from\": \"Project\", \"within\": \"client\", \"missing\": \"create\"}}. Each is an attribute, or an object with from, by, of, within, missing, archived, split and with.")]
    public IReadOnlyDictionary<string, JsonElement>? References { get; init; }

    [Description("The zone of dates without one: an IANA name, for example Europe/Berlin, or user for the zone of the user that the record belongs to. Dates are sent in UTC; macros with a format write this zone. Default: dates without a zone are refused.")]
    public string? TimeZone { get; init; }

    [Description("Whether text becomes what the field takes. Manual configuration: whether the texts true, false and numbers become such values. Default true for endpoints, else false.")]
    public bool? Convert { get; init; }

    [Description("Whether a time entry without start or end is sent, which starts a timer or lets it run. Default false: it is refused.")]
    public bool? Timers { get; init; }

    [Description("Where {id} of the endpoint's path comes from: an attribute path or a text with macros. Default: the attribute that the template names, mostly id.")]
    public string? IdFrom { get; init; }

    [Description("Several records in one request, for manual configuration with JSON and for endpoints whose body is a list. Default: one record per request.")]
    public BatchingConfig? Batching { get; init; }

    [Description("Whether finished records give response events. Default true.")]
    public bool? Responses { get; init; }

    [Description("For updates: replace sends the record unchanged, and Clockify clears the fields that the record does not contain; merge reads the object first and keeps these fields. Default replace.")]
    public string? UpdateMode { get; init; }

    [Description("For deletes: archive projects, clients and expense categories, and mark tasks done, first; Clockify refuses to delete active ones. Default false.")]
    public bool? ArchiveFirst { get; init; }

    [Description("The outcome of a delete whose object does not exist: delivered or rejected. Default delivered.")]
    public string? WhenGone { get; init; }

    [Description("What happens to a record that Clockify would refuse: reject (quarantined before any call), warn (sent anyway), off. Default reject.")]
    public string? Validation { get; init; }

    [Description("What to do with a create whose outcome is unknown: verify (read back, send again only if absent; default for endpoints that can find it), resend, or quarantine (default for the others and for manual configuration).")]
    public string? OnUnknown { get; set; }

    [Description("How long a record that fails is tried again.")]
    public RetryConfig? Retry { get; init; }

    [Description("Synchronizes objects of one kind, for example projects, instead of calling one endpoint: records create, change, adopt and archive them by an external key.")]
    public string? Sync { get; init; }

    [Description("For sync: the external key of a record, an attribute path or a text with macros, for example {record.system}/{record.id}. Required with sync.")]
    public string? Key { get; init; }

    [Description("For sync: upsert (create and change), insert (create only), update (change only), or mirror (upsert, and vanished decides about the objects that a complete run does not name). Default upsert.")]
    public string? Mode { get; init; }

    [Description("For sync: what happens with an object that has no link and matches a new record. unique: it is adopted (linked to the key) if it is the only one; never; marker: it is adopted only if it contains the key. Default unique where Clockify lists the objects by their natural key, else never.")]
    public string? Adopt { get; init; }

    [Description("For sync: mapped keeps the fields of the object that the record does not give; whole replaces the object. Default mapped where the object can be read first, else whole.")]
    public string? Changed { get; init; }

    [Description("For mode mirror: what happens with an object that a complete run does not name: archive, keep or delete. Default archive where objects can be archived, else keep.")]
    public string? Vanished { get; init; }

    [Description("For vanished archive: after so many days an object that stayed archived is deleted. Range 1 to 3650. Default: never.")]
    public int? DeleteAfterDays { get; init; }

    [Description("For mode mirror: how many objects may vanish in one run before a person has to approve it.")]
    public VanishLimitsConfig? Limits { get; init; }

    [Description("For sync: where the object in Clockify contains the key, so that lost links can be found again: none, note, description, or {\"customField\": \"name\"}. Default none.")]
    public JsonElement? Marker { get; init; }

    [Description("For sync: what happens with a record whose object was deleted in Clockify: recreate, reject, or forget (ignore the record, now and later). Default recreate.")]
    public string? Gone { get; init; }

    [Description("For sync: what happens if a run names a key twice with different content: reject quarantines the later record, last takes it. Default reject.")]
    public string? OnDoubleKey { get; init; }

    [Description("For mode mirror: objects linked for fewer minutes than this do not vanish. Range 0 to 525600. Default 0.")]
    public int? GraceMinutes { get; init; }

    [Description("For sync: what happens with an object that somebody changed in Clockify: ignore, report (shown in plans), or repair (shown, and the record's values are written again). Default ignore.")]
    public string? Drift { get; init; }

    [Description("Without sync: a record with a value that was delivered within dedupeDays is not sent again. An attribute path or a text with macros.")]
    public string? DedupeBy { get; init; }

    [Description("For dedupeBy: how many days a value counts. Range 1 to 366. Default 7.")]
    public int? DedupeDays { get; init; }

    /// <summary>Unknown members. Each one is reported as a problem, because otherwise it would have no effect. The serializer requires a setter.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
