using System.Diagnostics;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Runs <c>infra/deploy.sh</c> with a replacement for <c>az</c> that records its arguments and fails on request.</summary>
internal sealed class DeployScript : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clockify-deploy-").FullName;

    public DeployScript()
    {
        var az = Path.Combine(_folder, "az");
        File.WriteAllText(az, $$"""
            #!/bin/bash
            echo "az $*" >> '{{_folder}}/calls'
            case "$*" in 'keyvault secret set'*) cat > '{{_folder}}/secret' ;; esac
            # Each line of the file is a text; the first call that contains it fails and uses the line up.
            while IFS= read -r text; do
              if [[ "$*" = *"$text"* ]]; then
                sed -i "0,\|$text|{\|$text|d}" '{{_folder}}/failures'
                echo 'Forbidden' >&2
                exit 1
              fi
            done < '{{_folder}}/failures'
            case "$*" in
              *user.type*) cat '{{_folder}}/user-type' ;;
              *signed-in-user*) echo my-id ;;
              *appName*) echo my-app ;;
              *vaultId*) echo /vaults/my-vault ;;
              *packageAccountId*) echo /accounts/my-packages ;;
              *packagePrincipalId*) echo package-principal ;;
              *consoleUrl*) echo https://my-app.example.net/api/console ;;
              'group show'*) echo /groups/rg ;;
              'role assignment create'*"--scope /vaults/my-vault"*) echo /assignments/vault ;;
              'role assignment create'*"--scope /accounts/my-packages"*) echo /assignments/packages ;;
            esac
            """);
        File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder, "failures"), "");
        File.WriteAllText(Path.Combine(_folder, "user-type"), "user");
        File.WriteAllText(Package, "zip");
    }

    public string Package => Path.Combine(_folder, "app.zip");

    /// <summary>The commands that ran, in order.</summary>
    public string[] Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllLines(Path.Combine(_folder, "calls")) : [];

    /// <summary>The text that the last call to set a secret read from its pipe.</summary>
    public string Secret => File.ReadAllText(Path.Combine(_folder, "secret"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The next calls that contain <paramref name="text"/> fail.</summary>
    public void Fail(string text, int times = 1) => File.AppendAllLines(Path.Combine(_folder, "failures"), Enumerable.Repeat(text, times));

    public void SignInAsServicePrincipal() => File.WriteAllText(Path.Combine(_folder, "user-type"), "servicePrincipal");

    /// <summary>The commands that the script printed, in order.</summary>
    public static string[] Shown(string errors) => [.. errors.Split('\n').Where(line => line.StartsWith("+ ", StringComparison.Ordinal)).Select(line => line[2..])];

    public async Task<(int ExitCode, string Output, string Errors)> RunAsync(string input, string? deployer, params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "infra", "deploy.sh"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{_folder}:/usr/bin:/bin", ["DEPLOY_RETRY_SECONDS"] = "0", ["DEPLOYER_OBJECT_ID"] = deployer ?? "" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The script ended before it read its input.
        }

        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }
}
