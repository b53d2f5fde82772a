namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>All credentials at the time of one reading.</summary>
/// <param name="All">All credentials by name: those of the app settings and the managed ones.</param>
/// <param name="Managed">The managed credentials as they are stored, by name.</param>
/// <param name="Problem">Why the managed credentials could not be read, in which case those of an earlier reading are used. Null if they were read.</param>
internal sealed record CredentialSet(IReadOnlyDictionary<string, Credential> All, IReadOnlyDictionary<string, CredentialConfig> Managed, string? Problem = null)
{
    public Credential? Find(string? name) => name is null ? null : All.GetValueOrDefault(name);

    public bool IsManaged(string name) => Managed.ContainsKey(name);

    public IEnumerable<Credential> InOrder => All.Values.OrderBy(credential => credential.Name, StringComparer.Ordinal);
}
