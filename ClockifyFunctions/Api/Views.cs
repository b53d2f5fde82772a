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

/// <summary>What a destination does. Counts are those of its cursor, which a running drain writes about every five seconds.</summary>
/// <param name="Target">The endpoint's title, or method and URL.</param>
/// <param name="Warned">Delivered records that had warnings.</param>
/// <param name="Quarantined">Entries in quarantine now.</param>
/// <param name="QuarantineTag">Changes whenever the quarantine changes; null while it was never used.</param>
/// <param name="Holder">The process that sends for the credential at the moment.</param>
/// <param name="CountedAt">When the cursor was last written.</param>
/// <param name="LastError">The latest error, unless a record has been delivered since.</param>
internal sealed record DestinationStatus(
    string Id, DestinationState State, Condition Condition, string Target, string Credential, WaitingView Waiting, long Delivered, long Warned, int Quarantined, string? QuarantineTag, string? Holder,
    RateView Rate, DateTimeOffset? CountedAt, LastError? LastError)
{
    /// <summary>Calls of the credential by second, where the request asks for them.</summary>
    public CallsView? Calls { get; init; }
}

/// <param name="Records">Counted where <paramref name="IsExact"/>, else estimated.</param>
internal sealed record WaitingView(long Records, bool IsExact, long Bytes, double? OldestAgeSeconds);

/// <param name="PerSecond">Calls of the destination per second: the mean of the last five seconds that are known.</param>
/// <param name="Limits">Of the credential, for example <c>10/00:00:01</c>.</param>
/// <param name="MostPerSecond">The largest number of calls that the limits permit in one second.</param>
internal sealed record RateView(double PerSecond, IReadOnlyList<string> Limits, int MostPerSecond);

/// <param name="Until">Later calls are not known yet.</param>
internal sealed record CallsView(DateTimeOffset Until, IReadOnlyList<PointView> Points);

/// <summary>One second.</summary>
internal sealed record PointView(DateTimeOffset At, int Calls, int Responses429);

/// <summary>A credential without its key, which is never shown.</summary>
/// <param name="Rate">Of all destinations of the credential.</param>
/// <param name="Responses429">Calls that were answered with 429, for as long as the credential's destinations exist.</param>
/// <param name="Destinations">How many destinations use the credential.</param>
internal sealed record CredentialView(
    string Name, CredentialSource Source, string Fingerprint, string BaseUrl, string Header, IReadOnlyList<string> AllowedHosts, string InlineConfigs, IReadOnlyList<string> Workspaces,
    Condition Condition, RateView Rate, string? Holder, long Responses429, int Destinations);

internal enum CredentialSource
{
    /// <summary>App settings, which only a deployment changes.</summary>
    [JsonStringEnumMemberName("settings")]
    Settings,

    /// <summary>Created here, and changed here.</summary>
    [JsonStringEnumMemberName("managed")]
    Managed,
}

/// <param name="CanManage">Whether credentials can be created here; otherwise setting KeyVaultUri or CredentialsFile turns that on.</param>
/// <param name="Problem">Why the managed credentials could not be read just now.</param>
internal sealed record CredentialPlace(bool CanManage, string? Problem);

internal sealed record NewKey(string? ApiKey)
{
    public override string ToString() => nameof(NewKey);
}

/// <param name="Total">Destinations that match the search, on this page or not.</param>
/// <param name="Counts">All destinations, by condition.</param>
/// <param name="Unrouted">Messages that name no known destination.</param>
internal sealed record SummaryView(
    DateTimeOffset Now, int Total, IReadOnlyList<DestinationStatus> Destinations, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<CredentialView> Credentials, CredentialPlace CredentialPlace, int Unrouted);

/// <param name="Note">What was assumed about the text; null if nothing was.</param>
internal sealed record AcceptedRecords(int Count, IReadOnlyList<string> Ids, string? Note = null);

/// <param name="StorageTransactions">By this process, since it started.</param>
/// <param name="GateTransactions">The part of them that gates cost.</param>
internal sealed record AppStatus(bool Ready, long StorageTransactions, long GateTransactions, IReadOnlyDictionary<string, long> StorageTransactionsByOperation, IReadOnlyList<string> Credentials);

/// <summary>RFC 9457.</summary>
internal sealed record ProblemDetailsView(string Title, int Status, string? Detail = null, IReadOnlyList<Problem>? Errors = null);

/// <summary>Which entries of a quarantine: <paramref name="Ids"/>, or <paramref name="All"/>.</summary>
/// <param name="Destination">For messages that named no known destination: where they belong.</param>
internal sealed record QuarantineSelection(IReadOnlyList<string>? Ids = null, bool All = false, string? Destination = null)
{
    /// <summary>Null: all.</summary>
    internal IReadOnlyCollection<string>? Chosen => All ? null : Ids;
}

/// <summary>An endpoint template, as a form needs it.</summary>
/// <param name="Id">The existing object that a record names; null if it names none.</param>
/// <param name="ListBody">Several records may share a call.</param>
/// <param name="CanReadBack">Whether what a call created can be found when the answer was lost.</param>
/// <param name="HasTimers">Whether a record without start or end starts a timer.</param>
/// <param name="Feature">Feature that the workspace must have.</param>
/// <param name="AdminOnly">The key must belong to an owner or admin.</param>
/// <param name="References">What a record can say by name instead of by id.</param>
/// <param name="Example">A record that the endpoint takes.</param>
internal sealed record TemplateView(
    string Name, string Title, string Group, Tier Tier, string Description, string Instructions, string Method, string Path, IReadOnlyList<InputView> Inputs, InputView? Id,
    bool TakesBody, bool ListBody, bool CanMerge, bool CanArchive, bool CanReadBack, bool HasTimers, string? Feature, bool AdminOnly,
    IReadOnlyList<FieldView> Fields, IReadOnlyList<LostField> Lost, IReadOnlyList<ReferenceView> References, JsonElement Example)
{
    private static readonly Lazy<IReadOnlyList<TemplateView>> Views = new(() =>
    [
        .. EndpointTemplate.All.Select(template => new TemplateView(
            template.Name, template.Title, template.Group, template.Tier, template.Description, template.Instructions, template.Verb, template.Path,
            [.. template.Inputs.Select(InputView.Of)], template.Id is { } id ? InputView.Of(id) : null,
            template.TakesBody, template.ListBody, template.Merge is not null, template.Archive is not null, template.ReadBack is not null, template.TimerFields > 0, template.Feature, template.AdminOnly,
            [.. template.Fields.Select(FieldView.Of)], template.Lost, ReferenceView.Of(template), template.Example)),
    ]);

    public static IReadOnlyList<TemplateView> All => Views.Value;
}

/// <summary>Something that a record can say by name.</summary>
/// <param name="Title">What one of the objects is called.</param>
/// <param name="Field">The input or field that the id fills; null: it only tells in which of these objects another one is looked for.</param>
/// <param name="Many">Several names at once.</param>
/// <param name="Within">The reference that says what it lies in; null if it lies in nothing.</param>
/// <param name="CanCreate">What does not exist can be created by its name.</param>
internal sealed record ReferenceView(string Name, string Title, string? Field, bool Many, string? Within, bool CanCreate)
{
    public static IReadOnlyList<ReferenceView> Of(EndpointTemplate template)
    {
        var views = template.Slots.Select(slot => new ReferenceView(slot.Name, slot.Lookup.Title, slot.Field, slot.Many, slot.Lookup.Parent?.Says, slot.Lookup.Create is not null)).ToList();
        foreach (var slot in template.Slots)
            for (var parent = slot.Lookup.Parent; parent?.Says is { } says; parent = parent.Parent)
                if (views.TrueForAll(view => view.Name != says)) views.Add(new ReferenceView(says, parent.Title, null, false, parent.Parent?.Says, parent.Create is not null));
        return views;
    }
}

/// <param name="From">Attribute of the record that gives the value unless the destination gives one.</param>
/// <param name="Required">The destination has to give a value.</param>
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

/// <summary>What to preview: a config, or a stored destination's; with records given, or the destination's own waiting ones.</summary>
/// <param name="RecordsFormat">Of <paramref name="RecordsText"/>: json, ndjson or csv.</param>
/// <param name="Limit">Most records. Default and at most 100.</param>
internal sealed record PreviewQuestion(
    string? Destination = null, DestinationConfig? Config = null, IReadOnlyList<JsonElement>? Records = null, string? RecordsText = null, string? RecordsFormat = null, int? Limit = null);

/// <param name="Problems">Of the config; then there are no requests.</param>
/// <param name="RecordProblems">Of the records' text.</param>
/// <param name="Source"><c>given</c> or <c>backlog</c>.</param>
/// <param name="Attributes">That the records have, as dotted paths.</param>
internal sealed record PreviewView(
    IReadOnlyList<Problem> Problems, IReadOnlyList<Problem> RecordProblems, string Source, IReadOnlyList<string> Attributes,
    IReadOnlyList<CallView> Requests, IReadOnlyList<Preview.Refusal> Refused);

internal sealed record HeaderView(string? Name, string? Value);

internal sealed record TestQuestion(DestinationConfig? Config = null, CallView? Request = null);

/// <summary>A request. That of a preview can be sent as a test unchanged.</summary>
/// <param name="Records">Previews only: the records in it, by their place.</param>
/// <param name="Warnings">Previews only.</param>
/// <param name="Steps">Previews only: all calls that the record takes, where it takes more than this one.</param>
internal sealed record CallView(
    string? Method, string? Url, IReadOnlyList<HeaderView>? Headers = null, string? ContentType = null, string? Body = null,
    IReadOnlyList<int>? Records = null, IReadOnlyList<Problem>? Warnings = null, IReadOnlyList<string>? Steps = null);

/// <param name="WaitedMs">For the turn, on a busy key.</param>
/// <param name="Outcome">As delivery would take the answer.</param>
internal sealed record TestView(CallView Request, AnswerView Response, double WaitedMs, string Outcome);

internal sealed record AnswerView(int? Status, string? ContentType, IReadOnlyList<HeaderView> Headers, string? Body, double DurationMs, string? Error);
