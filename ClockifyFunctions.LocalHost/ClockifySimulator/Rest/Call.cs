namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>A request in a workspace of which its caller is a member. Use it only while holding <see cref="World.Lock"/>.</summary>
internal sealed record Call(HttpContext Context, Exchange Exchange, World World, Workspace Workspace)
{
    public SimulatedKey Caller => Exchange.Caller;

    public bool MayManage => Caller.Manages || Workspace.Flags.MembersManage;

    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    public string? Query(string name) =>
        Context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>None where the parameter is absent or empty.</summary>
    public string[] QueryValues(string name) => [.. Context.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    public bool QueryFlag(string name) => string.Equals(Query(name), "true", StringComparison.OrdinalIgnoreCase);

    public (Body? Body, Answer? Refused) ReadBody(IReadOnlyDictionary<string, MemberKind> known) =>
        Body.Parse(Exchange.Body, known);

    /// <summary>Every change of state goes through here, so that the ledger knows of it.</summary>
    public Answer Applied(Answer answer, string? createdId = null)
    {
        Exchange.Call.EffectApplied = true;
        Exchange.Call.CreatedId = createdId;
        return answer;
    }
}
