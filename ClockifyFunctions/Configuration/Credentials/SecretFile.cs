using System.Text.Json;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Managed credentials in one local file that only its owner may read. For local runs; several processes may share the file.</summary>
internal sealed class SecretFile(string path, TimeProvider time) : ISecretStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How often a lock that another process has is tried, and for how long.</summary>
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50), LockPatience = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidOperationException">Others may read the file, or it holds no credentials; the message says what to do.</exception>
    public async Task<IReadOnlyDictionary<string, CredentialConfig>> ReadAllAsync(CancellationToken cancel) => await ReadAsync(cancel);

    public Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel) => ChangeAsync(all => all[name] = credential, cancel);

    public Task DeleteAsync(string name, CancellationToken cancel) => ChangeAsync(all => all.Remove(name), cancel);

    private async Task<Dictionary<string, CredentialConfig>> ReadAsync(CancellationToken cancel)
    {
        if (!File.Exists(path)) return [];
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
            throw new InvalidOperationException($"The file of setting CredentialsFile can be read by other users. Run: chmod 600 {path}");
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancel), CredentialsJson.Web.DictionaryStringCredentialConfig) ?? [];
        }
        catch (JsonException)
        {
            // The text of the exception could show a part of a key.
            throw new InvalidOperationException($"The file {path} of setting CredentialsFile is no list of credentials. Correct it, or remove it.");
        }
    }

    private async Task ChangeAsync(Action<Dictionary<string, CredentialConfig>> change, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var held = await LockAsync(cancel);
        var all = await ReadAsync(cancel);
        change(all);
        // A reader sees the old file or the new one, and never a part.
        var (next, options) = ($"{path}.next", new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None });
        File.Delete(next);
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using (var file = new FileStream(next, options)) await JsonSerializer.SerializeAsync(file, all, CredentialsJson.Web.DictionaryStringCredentialConfig, cancel);
        File.Move(next, path, overwrite: true);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < LockPatience)
            {
                await Task.Delay(LockInterval, time, cancel);
            }
        }
    }
}
