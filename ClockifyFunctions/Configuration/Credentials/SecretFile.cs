using System.Text.Json;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>Stores managed credentials in one local file that only its owner may read. For local runs. Several processes can share the file.</summary>
internal sealed class SecretFile(string path, TimeProvider time) : ISecretStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Interval and maximum duration of the attempts to lock the file while another process has locked it.</summary>
    private static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50), LockPatience = TimeSpan.FromSeconds(5);

    /// <exception cref="InvalidOperationException">Other users can read the file, or its content is invalid. The message contains the remedy.</exception>
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
            // The text of the exception could contain a part of a key.
            throw new InvalidOperationException($"The file {path} of setting CredentialsFile is not a list of credentials. Correct the file, or delete it.");
        }
    }

    private async Task ChangeAsync(Action<Dictionary<string, CredentialConfig>> change, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var held = await LockAsync(cancel);
        var all = await ReadAsync(cancel);
        change(all);
        // Replace the file atomically, so that readers never see an incomplete file.
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
