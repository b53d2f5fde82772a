namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>
/// The credentials: those of the app settings, which do not change, and the managed ones, which people create, change and delete while the
/// app runs. Every process reads the managed credentials again periodically, so a new key needs no restart.
/// </summary>
/// <param name="secrets">Null if no secret store is configured. There are no managed credentials then.</param>
internal sealed class CredentialStore(AppSettings settings, ISecretStore? secrets, TimeProvider time, ILogger<CredentialStore> log) : IDisposable
{
    /// <summary>Maximum age of a reading: for sending records, for pages, and for changes.</summary>
    public static readonly TimeSpan ForSending = TimeSpan.FromSeconds(30), ForPages = TimeSpan.FromSeconds(5), Now = TimeSpan.Zero;

    /// <summary>The store waits this long after a failed reading before it reads again.</summary>
    private static readonly TimeSpan AfterAFailure = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private volatile Reading _latest = new(null, new CredentialSet(settings.Credentials, new Dictionary<string, CredentialConfig>()));

    /// <summary>Whether credentials can be created, changed and deleted.</summary>
    public bool CanManage => secrets is not null;

    /// <summary>All credentials. The object of a credential stays the same until the credential changes.</summary>
    /// <param name="maxAge">Maximum age of the reading.</param>
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

    private ISecretStore Secrets => secrets ?? throw new InvalidOperationException("No secret store is configured; set KeyVaultUri or CredentialsFile.");

    private bool IsFresh(TimeSpan maxAge)
    {
        if (secrets is null) return true;
        var latest = _latest;
        var enough = latest.Set.Problem is not null && maxAge < AfterAFailure ? AfterAFailure : maxAge;
        return latest.At is { } at && time.GetElapsedTime(at) < enough;
    }

    /// <param name="isFresh">Evaluated again after the wait for the lock, because another caller may have read meanwhile.</param>
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
            // A credential in the app settings takes precedence over a managed credential of the same name.
            foreach (var (name, credential) in settings.Credentials) all[name] = credential;
            return new CredentialSet(all, managed.Where(credential => !settings.Credentials.ContainsKey(credential.Key)).ToDictionary(StringComparer.Ordinal));
        }
        catch (Exception away) when (away is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            log.LogWarning("The managed credentials cannot be read: {Reason} The app uses those of the last reading.", away.Message);
            return before with { Problem = away is InvalidOperationException ? away.Message : "The store of the managed credentials does not respond." };
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

    /// <summary>Compares the JSON forms, because a record compares its lists by reference.</summary>
    private static bool IsSame(CredentialConfig one, CredentialConfig other) =>
        System.Text.Json.JsonSerializer.Serialize(one, CredentialsJson.Web.CredentialConfig) == System.Text.Json.JsonSerializer.Serialize(other, CredentialsJson.Web.CredentialConfig);

    /// <param name="At">A timestamp of the monotonic clock; null before the first reading.</param>
    private sealed record Reading(long? At, CredentialSet Set);
}
