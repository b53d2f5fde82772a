using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

internal sealed record DestinationView(string Id, DestinationState State, DestinationConfig Config);

internal sealed record NewDestination(string? Id);

/// <summary>The status of a destination. Counts come from its cursor, which a running drain writes about every five seconds.</summary>
/// <param name="Target">The endpoint's title, or method and URL.</param>
/// <param name="Warned">Delivered records that had warnings.</param>
/// <param name="Quarantined">Entries in quarantine now.</param>
/// <param name="QuarantineTag">Changes with each change of the quarantine; null if the quarantine has never been used.</param>
/// <param name="Holder">The process that holds the gate of the credential.</param>
/// <param name="CountedAt">Time of the last write of the cursor.</param>
/// <param name="LastError">The latest error, unless a record has been delivered since.</param>
internal sealed record DestinationStatus(
    string Id, DestinationState State, Condition Condition, string Target, string Credential, WaitingView Waiting, long Delivered, long Warned, int Quarantined, string? QuarantineTag, string? Holder,
    RateView Rate, DateTimeOffset? CountedAt, LastError? LastError)
{
    /// <summary>Calls of the credential by second, if the request asks for them.</summary>
    public CallsView? Calls { get; init; }

    /// <summary>The changes by records, for destinations that link records to objects; otherwise null.</summary>
    public ChangeCounts? Changes { get; init; }
}

/// <param name="Records">The exact number if <paramref name="IsExact"/>, otherwise an estimate.</param>
internal sealed record WaitingView(long Records, bool IsExact, long Bytes, double? OldestAgeSeconds);

/// <param name="PerSecond">Calls of the destination per second: the mean of the last five known seconds.</param>
/// <param name="Limits">The limits of the credential, for example <c>10/00:00:01</c>.</param>
/// <param name="MostPerSecond">The largest number of calls that the limits allow in one second.</param>
internal sealed record RateView(double PerSecond, IReadOnlyList<string> Limits, int MostPerSecond);

/// <param name="Until">The time up to which the calls are known.</param>
internal sealed record CallsView(DateTimeOffset Until, IReadOnlyList<PointView> Points);

/// <summary>The calls of one second.</summary>
internal sealed record PointView(DateTimeOffset At, int Calls, int Responses429);

/// <summary>A credential without its key, which is never shown.</summary>
/// <param name="Rate">The calls of all destinations of the credential.</param>
/// <param name="Responses429">Calls that were answered with 429, counted for all existing destinations of the credential.</param>
/// <param name="Destinations">How many destinations use the credential.</param>
internal sealed record CredentialView(
    string Name, CredentialSource Source, string Fingerprint, string BaseUrl, string Header, IReadOnlyList<string> AllowedHosts, string InlineConfigs, IReadOnlyList<string> Workspaces,
    Condition Condition, RateView Rate, string? Holder, long Responses429, int Destinations);

internal enum CredentialSource
{
    /// <summary>The credential comes from app settings. Only a deployment can change it.</summary>
    [JsonStringEnumMemberName("settings")]
    Settings,

    /// <summary>The credential was created in the console or the API and can be changed there.</summary>
    [JsonStringEnumMemberName("managed")]
    Managed,
}

/// <param name="CanManage">Whether credentials can be created in the console and the API. The setting KeyVaultUri or CredentialsFile enables this.</param>
/// <param name="Problem">Why the last reading of the managed credentials failed; null if it succeeded.</param>
internal sealed record CredentialStoreView(bool CanManage, string? Problem);

internal sealed record NewKey(string? ApiKey)
{
    public override string ToString() => nameof(NewKey);
}

/// <param name="Total">Destinations that match the search, on all pages.</param>
/// <param name="Counts">All destinations, by condition.</param>
/// <param name="Unrouted">Messages that name no known destination.</param>
internal sealed record SummaryView(
    DateTimeOffset Now, int Total, IReadOnlyList<DestinationStatus> Destinations, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<CredentialView> Credentials, CredentialStoreView CredentialStore, int Unrouted);

/// <param name="Note">What was assumed about the text; null if nothing was.</param>
/// <param name="Run">The run of the records; null if they belong to none.</param>
internal sealed record AcceptedRecords(int Count, IReadOnlyList<string> Ids, string? Note = null, string? Run = null);

/// <param name="StorageTransactions">Storage requests of this process since it started.</param>
/// <param name="GateTransactions">The part of them that accesses gates.</param>
internal sealed record AppStatus(bool Ready, long StorageTransactions, long GateTransactions, IReadOnlyDictionary<string, long> StorageTransactionsByOperation, IReadOnlyList<string> Credentials);

/// <summary>Problem details of RFC 9457.</summary>
internal sealed record ProblemDetailsView(string Title, int Status, string? Detail = null, IReadOnlyList<Problem>? Errors = null);

/// <summary>Selects entries of a quarantine: <paramref name="Ids"/>, or <paramref name="All"/>.</summary>
/// <param name="Destination">The destination for messages that named no known destination.</param>
internal sealed record QuarantineSelection(IReadOnlyList<string>? Ids = null, bool All = false, string? Destination = null)
{
    /// <summary>The selected ids; null selects all.</summary>
    internal IReadOnlyCollection<string>? Chosen => All ? null : Ids;
}

/// <summary>An endpoint template with the data that a form needs.</summary>
/// <param name="Id">The existing object that a record names; null if it names none.</param>
/// <param name="ListBody">Several records can share one call.</param>
/// <param name="CanReadBack">Whether the app can find the created object if the response was lost.</param>
/// <param name="HasTimers">Whether a record without start or end starts a timer.</param>
/// <param name="Feature">The feature that the workspace must have.</param>
/// <param name="AdminOnly">The key must belong to an owner or admin.</param>
/// <param name="References">The objects that a record can name instead of giving their ids.</param>
/// <param name="Example">A valid record for the endpoint.</param>
internal sealed record TemplateView(
    string Name, string Title, string Group, Tier Tier, string Description, string Instructions, string Method, string Path, IReadOnlyList<InputView> Inputs, InputView? Id,
    bool TakesBody, bool ListBody, bool CanMerge, bool CanArchive, bool CanReadBack, bool HasTimers, string? Feature, bool AdminOnly,
    IReadOnlyList<FieldView> Fields, IReadOnlyList<LostField> Lost, IReadOnlyList<ReferenceView> References, JsonElement Example)
{
    /// <summary>The kind of objects that the endpoint creates, if they can be synchronized: a value of <c>sync</c>.</summary>
    public string? Synchronizes { get; init; }

    private static readonly Lazy<IReadOnlyList<TemplateView>> Views = new(() =>
    [
        .. EndpointTemplate.All.Select(template => new TemplateView(
            template.Name, template.Title, template.Group, template.Tier, template.Description, template.Instructions, template.Verb, template.Path,
            [.. template.Inputs.Select(InputView.Of)], template.Id is { } id ? InputView.Of(id) : null,
            template.TakesBody, template.ListBody, template.Merge is not null, template.Archive is not null, template.ReadBack is not null, template.TimerFields > 0, template.Feature, template.AdminOnly,
            [.. template.Fields.Select(FieldView.Of)], template.Lost, ReferenceView.Of(template), template.Example)
        {
            Synchronizes = SyncObject.All.Values.FirstOrDefault(one => one.Create == template)?.Name,
        }),
    ]);

    public static IReadOnlyList<TemplateView> All => Views.Value;
}

/// <summary>A kind of object that a record can name instead of giving its id. Parents stand before their children.</summary>
/// <param name="Title">The name of the kind, in the singular.</param>
/// <param name="By">The member of the object that the record gives: name or email.</param>
/// <param name="Field">The input or field that receives the id; null if the object is only the parent of other objects.</param>
/// <param name="Many">Whether the record can name several objects.</param>
/// <param name="Within">The reference that names the parent; null if the objects have no parent.</param>
/// <param name="IsListedByParent">Whether the object is always looked for in its parent.</param>
/// <param name="CanCreate">Whether an object that does not exist can be created.</param>
internal sealed record ReferenceView(string Name, string Title, string By, string? Field, bool Many, string? Within, bool IsListedByParent, bool CanCreate)
{
    public static IReadOnlyList<ReferenceView> Of(EndpointTemplate template)
    {
        var views = new List<ReferenceView>();
        foreach (var slot in template.Slots)
        {
            AddParents(slot.Lookup);
            var view = Of(slot.Lookup, slot.Name, slot.Field, slot.Many);
            if (views.FindIndex(known => known.Name == slot.Name) is >= 0 and var index) views[index] = view;
            else views.Add(view);
        }

        return views;

        void AddParents(Lookup lookup)
        {
            if (lookup.Parent is not { Says: { } says } parent) return;
            AddParents(parent);
            if (views.TrueForAll(view => view.Name != says)) views.Add(Of(parent, says, null, false));
        }
    }

    private static ReferenceView Of(Lookup lookup, string name, string? field, bool many) =>
        new(name, lookup.Title, lookup.By is [var by, ..] ? by : "name", field, many, lookup.Parent?.Says, lookup.IsListedByParent, lookup.Create is not null);
}

/// <param name="From">The attribute of the record that provides the value if the destination does not.</param>
/// <param name="Required">Whether the destination must provide a value.</param>
internal sealed record InputView(string Name, string Title, string Description, FieldType Type, bool Required, string? From, string? Default, IReadOnlyList<string> Values)
{
    public static InputView Of(TemplateField input) =>
        new(input.Name, input.Title, input.Description, input.Type, (input.Required || !input.Query) && input.From is null && input.Default is null, input.From, input.Default?.GetString(), input.Values);
}

/// <param name="Fields">Members of an object, or of each object in a list.</param>
internal sealed record FieldView(
    string Name, FieldType Type, bool Required, string Description, int MinLength, int? MaxLength, decimal? Minimum, decimal? Maximum, MoneyUnit? Unit, JsonElement? Default,
    IReadOnlyList<string> Values, string? RefersTo, IReadOnlyList<FieldView> Fields)
{
    public static FieldView Of(TemplateField field) => new(
        field.Name, field.Type, field.Required, field.Description, field.MinLength, field.MaxLength == int.MaxValue ? null : field.MaxLength, field.Minimum, field.Maximum, field.Unit, field.Default,
        field.Values, field.RefersTo, [.. field.Fields.Select(Of)]);
}

/// <summary>The input of a preview: a config or the id of a stored destination, and optionally records. Without records, the waiting records of the destination are used.</summary>
/// <param name="RecordsFormat">The format of <paramref name="RecordsText"/>: json, ndjson or csv.</param>
/// <param name="Limit">Maximum number of records. Default and maximum 100.</param>
internal sealed record PreviewInput(
    string? Destination = null, DestinationConfig? Config = null, IReadOnlyList<JsonElement>? Records = null, string? RecordsText = null, string? RecordsFormat = null, int? Limit = null);

/// <param name="Problems">Problems of the config. If there are any, there are no requests.</param>
/// <param name="RecordProblems">Problems of the text with the records.</param>
/// <param name="Source"><c>given</c> or <c>backlog</c>.</param>
/// <param name="Attributes">The attributes of the records, as dotted paths.</param>
internal sealed record PreviewView(
    IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> RecordProblems, string Source, IReadOnlyList<string> Attributes,
    IReadOnlyList<CallView> Requests, IReadOnlyList<Preview.Refusal> Refused);

internal sealed record HeaderView(string? Name, string? Value);

internal sealed record TestInput(DestinationConfig? Config = null, CallView? Request = null);

/// <summary>A request. The request of a preview can be sent as a test without changes.</summary>
/// <param name="Records">Previews only: the indexes of the records in the request.</param>
/// <param name="Warnings">Previews only.</param>
/// <param name="Steps">Previews only: all calls for the record, if it needs more than this one.</param>
internal sealed record CallView(
    string? Method, string? Url, IReadOnlyList<HeaderView>? Headers = null, string? ContentType = null, string? Body = null,
    IReadOnlyList<int>? Records = null, IReadOnlyList<Problem>? Warnings = null, IReadOnlyList<string>? Steps = null);

/// <param name="WaitedMs">Time that the request waited for the gate, in milliseconds. The wait for the permit is not included.</param>
/// <param name="Outcome">The outcome that delivery would assign to the response.</param>
internal sealed record TestView(CallView Request, AnswerView Response, double WaitedMs, string Outcome);

internal sealed record AnswerView(int? Status, string? ContentType, IReadOnlyList<HeaderView> Headers, string? Body, double DurationMs, string? Error);
