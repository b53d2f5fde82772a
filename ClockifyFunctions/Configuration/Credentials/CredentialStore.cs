namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>
/// The credentials: those of the app settings, which do not change, and the managed ones, which people create, change and delete while the
/// app runs. Every process reads the managed ones again from time to time, so a new key needs no restart.
/// </summary>
/// <param name="secrets">Null where no place for secrets is set: then there are no managed credentials.</param>
internal sealed class CredentialStore(AppSettings settings, ISecretStore? secrets, TimeProvider time, ILogger<CredentialStore> log) : IDisposable
{
    /// <summary>How old a reading may be: for sending records, for people who look, and for those who act.</summary>
    public static readonly TimeSpan ForSending = TimeSpan.FromSeconds(30), ForPages = TimeSpan.FromSeconds(5), Now = TimeSpan.Zero;

    /// <summary>A place that did not answer is not asked again sooner.</summary>
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Reading _latest = new(null, new CredentialSet(settings.Credentials, new Dictionary<string, CredentialConfig>()));

    /// <summary>Whether credentials can be created, changed and deleted.</summary>
    public bool CanManage => secrets is not null;

    /// <summary>All credentials. A credential that has not changed is the same object as before.</summary>
    /// <param name="maxAge">How old the reading may be.</param>
    public ValueTask<CredentialSet> GetAsync(TimeSpan maxAge, CancellationToken cancel) => IsFresh(maxAge) ? new(_latest.Set) : new(ReadAsync(() => IsFresh(maxAge), cancel));

    public async Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel)
    {
        await Secrets.WriteAsync(name, credential, cancel);
        await ReadAsync(static () => false, cancel);
    }

    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        await Secrets.DeleteAsync(name, cancel);
        await ReadAsync(static () => false, cancel);
    }

    public void Dispose() => _turn.Dispose();

    private ISecretStore Secrets => secrets ?? throw new InvalidOperationException("No place for secrets is set.");

    private bool IsFresh(TimeSpan maxAge)
    {
        if (secrets is null) return true;
        var latest = _latest;
        var enough = latest.Set.Problem is not null && maxAge < AfterAFailure ? AfterAFailure : maxAge;
        return latest.At is { } at && time.GetElapsedTime(at) < enough;
    }

    /// <param name="isFresh">Asked again once it is this caller's turn: another one may have read meanwhile.</param>
    private async Task<CredentialSet> ReadAsync(Func<bool> isFresh, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (isFresh()) return _latest.Set;
            var at = time.GetTimestamp();
            _latest = new Reading(at, await ReadAgainAsync(_latest.Set, cancel));
            return _latest.Set;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<CredentialSet> ReadAgainAsync(CredentialSet before, CancellationToken cancel)
    {
        try
        {
            var managed = await Secrets.ReadAllAsync(cancel);
            var all = new Dictionary<string, Credential>(StringComparer.Ordinal);
            foreach (var (name, config) in managed)
                if (Read(name, config, before) is { } credential) all[name] = credential;
            // The name of a setting wins: a person who edits the settings expects them to hold.
            foreach (var (name, credential) in settings.Credentials) all[name] = credential;
            return new CredentialSet(all, managed.Where(credential => !settings.Credentials.ContainsKey(credential.Key)).ToDictionary(StringComparer.Ordinal));
        }
        catch (Exception away) when (away is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogWarning("The managed credentials cannot be read: {Reason} Those of the last reading are used.", away.Message);
            return before with { Problem = away is InvalidOperationException ? away.Message : "The place of the managed credentials does not answer." };
        }
    }

    private Credential? Read(string name, CredentialConfig config, CredentialSet before)
    {
        if (before.Managed.TryGetValue(name, out var known) && IsSame(known, config) && before.Find(name) is { } unchanged) return unchanged;
        var problems = new List<string>();
        var credential = CredentialReader.Read(name, config, (member, message) => problems.Add($"{member} {message}"));
        if (problems.Count == 0) return credential;
        log.LogError("The managed credential {Credential} is not valid and is not used: {Problems}", name, string.Join(" ", problems));
        return null;
    }

    /// <summary>Lists of a record are compared by reference, so the written forms are compared.</summary>
    private static bool IsSame(CredentialConfig one, CredentialConfig other) =>
        System.Text.Json.JsonSerializer.Serialize(one, CredentialsJson.Web.CredentialConfig) == System.Text.Json.JsonSerializer.Serialize(other, CredentialsJson.Web.CredentialConfig);

    /// <param name="At">A timestamp; null before the first reading.</param>
    private sealed record Reading(long? At, CredentialSet Set);
}
