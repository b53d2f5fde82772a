using System.Text.Json;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.References;

/// <summary>
/// Creates an object that a record names. <see cref="Lookups"/> runs one creation of a name at a time. Clockify's rule that names are unique prevents a
/// second object after a crash, or if another destination or key creates the same name. For lists without this rule, the name is searched again.
/// </summary>
internal sealed class Creation(Lists lists, Lookups lookups, ILookupCalls calls, TimeProvider time, ILogger log)
{
    private const int Forbidden = 403;

    /// <summary>The time within which an abandoned call may still take effect.</summary>
    private static readonly TimeSpan TakesEffectWithin = TimeSpan.FromSeconds(10);

    /// <returns>
    /// The answer that does not tell whether the object exists. Null if the object exists, or if <see cref="Refusals"/> contains the reason why it
    /// does not.
    /// </returns>
    public async Task<CallResult?> CreateAsync(Need.Create create)
    {
        if (Exists(create)) return null;
        var rendered = RequestRenderer.Render(create.Creator, RecordOf(create), time.GetUtcNow());
        if (rendered.Request is not { } request)
        {
            lists.Refusals.Add(create, Failure.Invalid, $"{FailureText.Named(create.Lookup, create.Name)} cannot be created: {string.Join(" ", rendered.Problems)}");
            return null;
        }

        var name = NameOf(create);
        if (calls.MayTakeEffectUntil(name) is { } until)
        {
            // A process that crashed may have created the object.
            await calls.DelayUntilAsync(until);
            if (await SearchAsync(create) is { } unread) return unread;
            if (Exists(create)) return Ended(name, IdOf(create));
        }

        await calls.BeginAsync(name);
        var answer = await calls.CallAsync(request);
        var verdict = ResponseClassifier.Classify(answer);
        switch (verdict.Outcome)
        {
            case Outcome.Delivered when AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Object) is { } made:
                lists.Learn(create.Key, made);
                return create.Lookup.Unique ? Ended(name, NaturalKey.Text(made, "id")) : await CompareAsync(create, name);
            case Outcome.Rejected when answer.Status != Forbidden:
                calls.End(name, null);
                return await AfterRefusalAsync(create, answer);
            case Outcome.Rejected:
            case Outcome.Failed when verdict.RefusesKey && await calls.HasNoRightAsync():
                calls.End(name, null);
                lists.Refusals.AddList(create.Key, answer.Status);
                return null;
            case Outcome.Failed:
                calls.End(name, null);
                return answer;
            default:
                await calls.DelayUntilAsync(time.GetUtcNow() + TakesEffectWithin);
                if (await SearchAsync(create) is { } unread) return unread;
                calls.End(name, IdOf(create));
                return Exists(create) ? null : answer;
        }
    }

    /// <summary>The key of the creation in the journal.</summary>
    private static string NameOf(Need.Create create) => $"create {create.Key.WorkspaceId} {create.Key.List} {create.Parent} {NameForms.Fold(create.Name)}";

    private CallResult? Ended(string name, string? id)
    {
        calls.End(name, id);
        return null;
    }

    /// <summary>Handles a refused creation. Usually another caller has created the object in the meantime.</summary>
    private async Task<CallResult?> AfterRefusalAsync(Need.Create create, CallResult refused)
    {
        if (await SearchAsync(create) is { } unread) return unread;
        if (Exists(create)) return null;
        var answer = AnswerText.Describe(refused);
        if (answer.Contains("exist", StringComparison.OrdinalIgnoreCase)) lists.Refusals.Add(create, Failure.Hidden, $"a {FailureText.Named(create.Lookup, create.Name)} exists (Clockify refused to create it) but this key cannot see it. Give the owner of the key access to it, or use another name.");
        else lists.Refusals.Add(create, Failure.Unresolved, $"{FailureText.Named(create.Lookup, create.Name)} does not exist and could not be created. {answer}");
        return null;
    }

    /// <summary>Handles lists in which Clockify may now have two objects of the name. All keys use the object with the smaller id, which is the older one.</summary>
    private async Task<CallResult?> CompareAsync(Need.Create create, string name)
    {
        if (await SearchAsync(create) is { } unread) return unread;
        var all = Matches(create).Found.OrderBy(one => one.Id, StringComparer.Ordinal).ToArray();
        foreach (var second in all.Skip(1))
        {
            log.LogWarning("There are two objects '{Name}' in the list {List}: {First} is used, and {Second} is not. Delete one of them in Clockify.", create.Name, create.Key.List, all[0].Id, second.Id);
            lists.Forget(create.Key, second.Id);
        }

        return Ended(name, all.FirstOrDefault()?.Id);
    }

    private Task<CallResult?> SearchAsync(Need.Create create) => lookups.SearchAsync(new Need.Search(create.Key, create.Lookup.By[0], create.Name), calls);

    private bool Exists(Need.Create create) => Matches(create).Level > 0;

    private string? IdOf(Need.Create create) => Matches(create).Found is [var first, ..] ? first.Id : null;

    private Match Matches(Need.Create create) =>
        lists.Find(create.Key)?.Match(create.Lookup.By[0], create.Name, row => create.Parent is null || create.Key.Scope is not null || row.Parent == create.Parent) ?? Match.None;

    private static RawJson RecordOf(Need.Create create)
    {
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        writer.WriteStartObject();
        writer.WriteString(create.Lookup.By[0], create.Name);
        if (create is { Lookup.Within: { } within, Parent: { } parent }) writer.WriteString(within, parent);
        writer.WriteEndObject();
        return new RawJson(rented.ToArray());
    }
}
