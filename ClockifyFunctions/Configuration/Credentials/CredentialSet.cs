namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>All credentials as of one reading.</summary>
/// <param name="All">By name: those of the app settings and the managed ones.</param>
/// <param name="Managed">The managed ones as they are stored, by name.</param>
/// <param name="Problem">Why the managed ones could not be read just now, so that those of an earlier reading are used; null if they could.</param>
internal sealed record CredentialSet(IReadOnlyDictionary<string, Credential> All, IReadOnlyDictionary<string, CredentialConfig> Managed, string? Problem = null)
{
    public Credential? Find(string? name) => name is null ? null : All.GetValueOrDefault(name);

    public bool IsManaged(string name) => Managed.ContainsKey(name);

    public IEnumerable<Credential> InOrder => All.Values.OrderBy(credential => credential.Name, StringComparer.Ordinal);
}
