using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Makes a <see cref="Destination"/> from a config. Continues after a problem, so that all problems are reported together.</summary>
internal sealed class DestinationReader(string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials)
{
    private static readonly string[] Methods = ["POST", "PUT", "PATCH", "DELETE", "GET"];

    /// <summary>The value of <c>timeZone</c> for the time zone of the user of the record.</summary>
    private const string UserZone = "user";

    private readonly ProblemList _problems = [];
    private ValidationMode _validation;

    /// <summary>The operation that this destination is for, if the destination synchronizes. Null if the destination is the one that the config describes.</summary>
    public LinkedOperation? Linked { get; init; }

    /// <summary>The rules by which records are linked to objects; null if they are not linked.</summary>
    public LinkRules? Links { get; init; }

    public ProblemList Problems => _problems;

    public Destination? Read()
    {
        if (!Names.IsValid(id)) Report("$.id", $"'{id}' is not a valid destination id; use {Names.Rule}.");
        foreach (var name in config.Unknown?.Keys ?? Enumerable.Empty<string>()) Report($"$.{name}", "is unknown; see GET /api/schema/destination for what there is.");

        var credential = ReadCredential();
        _validation = Choices.Read(config.Validation, ValidationMode.Reject, "$.validation", _problems);
        var endpoint = ReadEndpoint();
        var isManual = config.Endpoint is null && (config.Method is not null || config.Url is not null);
        var (method, url) = isManual ? ReadManual() : (endpoint?.Method, ReadEndpointUrl(endpoint, credential));
        var address = url is null ? null : ReadAddress(url, isManual, credential);

        var format = endpoint?.Format ?? Choices.Read(config.ContentType, ContentFormat.Json, "$.contentType", _problems);
        var headers = HeaderReader.Read(config.Headers, credential, _problems);
        var body = config.BodyTemplate is null ? null : Template.Parse(config.BodyTemplate, BodyKind(format), new Dictionary<string, Template>(), "$.bodyTemplate", _problems);
        if (body is not null && format == ContentFormat.Json) BodyTemplateCheck.Json(body, _problems);
        if (body is not null && format == ContentFormat.Multipart) Report("$.bodyTemplate", "is for contentType json, xml and form; with multipart each attribute of the record is a part.");
        if (config.Endpoint is not null) RefuseManualMembers();
        if (Linked?.Body is { } set) body = Template.Constant(set.GetRawText());
        var (zone, usesUserZone) = ReadZone();
        var mapping = MappingReader.Read(config.Mapping, endpoint, _problems);
        if (config.Convert == false && mapping.Find(source => source.Options != ValueOptions.None || (endpoint is null && source.Type is not null)) is { } converted) Report($"$.mapping.{converted.Field}", "says how to convert its value, and convert is false; remove one of the two.");
        if (mapping.Count > 0 && endpoint is { TakesBody: false }) Report("$.mapping", $"'{endpoint.Title}' has no body to be filled; say with idFrom where the id comes from.");
        var unknown = Choices.Read(config.UnknownAttributes, UnknownAttributes.Reject, "$.unknownAttributes", _problems);
        if (config.UnknownAttributes is not null && isManual) Report("$.unknownAttributes", "is for endpoints; a manual request sends every attribute that is not excluded.");
        if (config.Timers == true && endpoint is not { TimerFields: > 0 } && (endpoint is not null || isManual))
            Report("$.timers", $"is for these endpoints: {EndpointsThat(one => one.TimerFields > 0)}.");
        var references = ReadReferences(endpoint, isManual, mapping);
        var updateMode = Choices.Read(config.UpdateMode, UpdateMode.Replace, "$.updateMode", _problems);
        if (updateMode == UpdateMode.Merge && endpoint is not { Merge: not null } && (endpoint is not null || isManual))
            Report("$.updateMode", $"merge is for these endpoints: {EndpointsThat(one => one.Merge is not null)}.");
        if (config.ArchiveFirst == true && endpoint is not { Archive: not null } && (endpoint is not null || isManual))
            Report("$.archiveFirst", $"is for these endpoints: {EndpointsThat(one => one.Archive is not null)}.");
        var whenGone = Choices.Read(config.WhenGone, WhenGone.Delivered, "$.whenGone", _problems);
        if (config.WhenGone is not null && method is not null && method != HttpMethod.Delete) Report("$.whenGone", "is for deletes.");
        var cannotVerify = isManual || endpoint is { CreatesOne: true, ReadBack: null };
        var onUnknown = Choices.Read(config.OnUnknown, cannotVerify ? OnUnknown.Quarantine : OnUnknown.Verify, "$.onUnknown", _problems);
        if (cannotVerify && onUnknown == OnUnknown.Verify && config.OnUnknown is not null)
            Report("$.onUnknown", $"verify is not possible: how to find what {(endpoint is null ? "a manual call" : $"'{endpoint.Title}'")} did is not known. Use resend or quarantine.");
        var giveUpAfter = RetryConfig.Read(config.Retry, _problems);
        var batching = BatchingReader.Read(config, endpoint, format, _problems);
        var excluded = ExcludedReader.Read(config.ExcludeAttributes, _problems);

        if (_problems.Count > 0) return null;
        return new Destination
        {
            Id = id,
            Credential = credential!,
            Endpoint = endpoint,
            Method = method!,
            Url = address!,
            Headers = headers,
            Format = format,
            Body = body,
            Excluded = excluded,
            Mapping = mapping,
            Taken = Taken(address!, headers, mapping, references),
            UnknownAttributes = unknown,
            Timers = config.Timers ?? false,
            References = references,
            UserId = endpoint is null ? null : ReferenceReader.IdSource(config, endpoint, mapping, "userId"),
            Zone = zone,
            UsesUserZone = usesUserZone,
            Converts = config.Convert ?? endpoint is not null,
            ConvertsDates = endpoint is null && config.TimeZone is not null && config.Convert != false,
            Batching = batching,
            Responses = config.Responses ?? true,
            Links = Links,
            IsOfLink = Linked is not null,
            UpdateMode = updateMode,
            ArchiveFirst = config.ArchiveFirst ?? false,
            WhenGone = whenGone,
            Validation = _validation,
            OnUnknown = onUnknown,
            GiveUpAfter = giveUpAfter,
            WorkspaceId = endpoint is null ? null : config.Inputs!["workspaceId"],
        };
    }

    private Credential? ReadCredential()
    {
        if (string.IsNullOrEmpty(config.Credential))
            Report("$.credential", "is missing; name a credential.");
        else if (credentials.TryGetValue(config.Credential, out var credential))
            return credential;
        else
            Report("$.credential", $"'{config.Credential}' does not exist; create it in the console, add the app setting Credentials__{config.Credential}__ApiKey, or use one of: {OrNone(credentials.Keys)}.");
        return null;
    }

    private EndpointTemplate? ReadEndpoint()
    {
        if (config.Endpoint is null && (config.Method is not null || config.Url is not null)) return null;
        var endpoint = EndpointTemplate.Find(config.Endpoint);
        if (endpoint is null)
            Report("$.endpoint", $"{(config.Endpoint is null ? "is missing" : $"'{config.Endpoint}' is unknown")}; use a name that GET /api/templates lists, for example createTimeEntry; or set method and url.");
        return endpoint;
    }

    private Template? ReadEndpointUrl(EndpointTemplate? endpoint, Credential? credential)
    {
        if (endpoint is null) return null;
        var written = config.Inputs ?? new Dictionary<string, string>();
        foreach (var name in written.Keys.Where(name => endpoint.Inputs.All(input => input.Name != name)))
            Report($"$.inputs.{name}", $"is not an input of '{endpoint.Title}'; it has: {OrNone(endpoint.Inputs.Select(input => input.Name))}.");
        var (before, inputs) = (_problems.Count, new Dictionary<string, Template>(StringComparer.Ordinal));
        foreach (var input in endpoint.Inputs)
            if (ReadInput(endpoint, input, written.GetValueOrDefault(input.Name)) is { } template) inputs[input.Name] = template;
        if (config.IdFrom is not null && endpoint.Id is null) Report("$.idFrom", $"'{endpoint.Title}' names no object by its id.");
        if (endpoint.Id is { } id && (Linked is not null ? Template.Of(new Macro.Reference(id.Name)) : ReferenceTo(endpoint, id.Name, TemplateKind.Segment) ?? ReadFrom(config.IdFrom ?? id.From!, TemplateKind.Segment, "$.idFrom")) is { } record) inputs[id.Name] = record;
        if (credential is null || _problems.Count > before) return null;
        var query = string.Join('&', endpoint.Inputs.Where(input => input.Query && inputs.ContainsKey(input.Name)).Select(input => $"{input.Name}={{{input.Name}}}"));
        return Template.Parse($"{credential.BaseUrl.AbsoluteUri.TrimEnd('/')}/{endpoint.Path}{(query.Length > 0 ? "?" : "")}{query}", TemplateKind.Url, inputs, "$.endpoint", _problems);
    }

    private Template? ReadInput(EndpointTemplate endpoint, TemplateField input, string? given)
    {
        var (path, kind) = ($"$.inputs.{input.Name}", input.Query ? TemplateKind.Query : TemplateKind.Segment);
        var value = string.IsNullOrWhiteSpace(given) ? input.Default?.GetString() : given;
        var isPlain = value?.Contains('{', StringComparison.Ordinal) == false;
        if (Linked is { } linked && linked.Parent == input.Name) return Template.Of(new Macro.Reference(input.Name));
        if (ReferenceTo(endpoint, input.Name, kind) is { } reference) return reference;
        if (value is null && input.From is not null) return ReadFrom(input.From, kind, path);
        if (value is null && (input.Required || !input.Query)) Report(path, $"is missing; '{endpoint.Title}' needs it.");
        else if (value is null) return null;
        else if (value is "." or "..") Report(path, $"'{value}' would change the path.");
        else if (input == EndpointTemplate.Workspace && value.AsSpan().ContainsAny('{', '}')) Report(path, "may hold no macros: a destination belongs to one workspace.");
        else if (isPlain && input.Type == FieldType.Id && !Names.IsClockifyId(value) && _validation != ValidationMode.Off) Report(path, $"'{value}' is not a Clockify id; an id has 24 hexadecimal digits.");
        else if (isPlain && input.Values.Count > 0 && !input.Values.Contains(value)) Report(path, $"'{value}' is unknown; use {OrNone(input.Values)}.");
        else return Template.Parse(value, kind, new Dictionary<string, Template>(), path, _problems);
        return null;
    }

    /// <summary>Returns the ids that a reference finds for an input; null if no reference gives the input.</summary>
    private Template? ReferenceTo(EndpointTemplate endpoint, string input, TemplateKind kind) =>
        endpoint.Slots.FirstOrDefault(slot => slot.Place == SlotPlace.Input && slot.Field == input) is { } slot && config.References?.ContainsKey(slot.Name) == true ? Template.Of(new Macro.Reference(slot.Name), kind) : null;

    private IReadOnlyList<Reference> ReadReferences(EndpointTemplate? endpoint, bool isManual, IReadOnlyList<FieldSource> mapping)
    {
        if (config.References is not { Count: > 0 }) return [];
        if (isManual) Report("$.references", "are for endpoints; a manual request has no places for ids that are known. Write the ids into the record.");
        return endpoint is null ? [] : new ReferenceReader(config, endpoint, mapping, credentials, _problems).Read();
    }

    /// <summary>Reads an attribute, or a text with macros.</summary>
    private Template? ReadFrom(string from, TemplateKind kind, string path)
    {
        if (from.Contains('{', StringComparison.Ordinal)) return Template.Parse(from, kind, new Dictionary<string, Template>(), path, _problems);
        if (AttributePath.IsValid(from)) return Template.Of(new Macro.Attribute(new AttributePath(from)), kind);
        Report(path, $"'{from}' names no attribute.");
        return null;
    }

    private (HttpMethod?, Template?) ReadManual()
    {
        var method = config.Method?.ToUpperInvariant();
        if (method is null || !Methods.Contains(method)) Report("$.method", $"{(method is null ? "is missing" : $"'{config.Method}' is unknown")}; use one of: {string.Join(", ", Methods)}.");
        if (config.Inputs is { Count: > 0 }) Report("$.inputs", "belong to an endpoint; write the values into the url.");
        if (config.IdFrom is not null) Report("$.idFrom", "belongs to an endpoint; write {record.attribute} into the url.");
        if (string.IsNullOrWhiteSpace(config.Url))
        {
            Report("$.url", "is missing; write an absolute URL.");
            return default;
        }

        return (method is null ? null : new HttpMethod(method), Template.Parse(config.Url, TemplateKind.Url, new Dictionary<string, Template>(), "$.url", _problems));
    }

    private RequestUrl? ReadAddress(Template url, bool isManual, Credential? credential)
    {
        if (!RequestUrl.TryCreate(url, out var address, out var problem)) Report(isManual ? "$.url" : "$.endpoint", problem);
        else if (isManual && credential?.Refuse(address.Sample) is { } reason) Report("$.url", $"{reason}.");
        return address;
    }

    private void RefuseManualMembers()
    {
        (string Name, bool IsSet)[] manual = [("method", config.Method is not null), ("url", config.Url is not null), ("contentType", config.ContentType is not null), ("bodyTemplate", config.BodyTemplate is not null)];
        foreach (var (name, isSet) in manual)
            if (isSet) Report($"$.{name}", "is for manual configuration; leave it or the endpoint out.");
    }

    private (TimeZoneInfo? Zone, bool OfUser) ReadZone()
    {
        if (config.TimeZone is null) return default;
        if (config.TimeZone == UserZone) return (null, true);
        if (TimeZoneInfo.TryFindSystemTimeZoneById(config.TimeZone, out var zone)) return (zone, false);
        Report("$.timeZone", $"'{config.TimeZone}' is unknown; write an IANA name, for example Europe/Berlin, or {UserZone} for the zone of each record's user.");
        return default;
    }

    /// <summary>Returns the top-level attributes that a request uses. The list also contains whole paths, because the name of an attribute may contain dots.</summary>
    private static string[] Taken(RequestUrl address, IEnumerable<KeyValuePair<string, Template>> headers, IEnumerable<FieldSource> mapping, IEnumerable<Reference> references)
    {
        var paths = address.Attributes.Concat(headers.SelectMany(header => header.Value.Attributes)).Concat(mapping.SelectMany(source => source.Attributes)).Concat(references.Select(reference => reference.From));
        return [.. paths.SelectMany(path => new[] { path.Text, path.Text.Split('.')[0] }).Distinct(StringComparer.Ordinal)];
    }

    private void Report(string path, string message) => _problems.Add(new Problem(path, message));

    private static TemplateKind BodyKind(ContentFormat format) => format switch
    {
        ContentFormat.Xml => TemplateKind.XmlBody,
        ContentFormat.Form => TemplateKind.FormBody,
        _ => TemplateKind.JsonBody,
    };

    private static string EndpointsThat(Func<EndpointTemplate, bool> which) => OrNone(EndpointTemplate.All.Where(which).Select(one => one.Name));

    private static string OrNone(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "(none)";
}
