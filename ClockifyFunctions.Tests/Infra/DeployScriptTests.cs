using System.Diagnostics;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary><c>infra/deploy.sh</c> with an <c>az</c> that writes down how it was called.</summary>
public sealed class DeployScriptTests : IDisposable
{
    private const string Key = "a-secret-api-key";

    private readonly string _folder = Directory.CreateTempSubdirectory("clockify-deploy-").FullName;

    public DeployScriptTests()
    {
        var az = Path.Combine(_folder, "az");
        File.WriteAllText(az, $$"""
            #!/bin/sh
            echo "az $*" >> '{{_folder}}/calls'
            case "$*" in
              *signed-in-user*) echo writer-id ;;
              *appName*) echo my-app ;;
              *vaultName*) echo my-vault ;;
              *consoleUrl*) echo https://my-app.example.net/api/console ;;
              'deployment group create'*) echo "writer $KEY_WRITER_OBJECT_ID" >> '{{_folder}}/environment' ;;
              'keyvault secret set'*)
                [ ! -e '{{_folder}}/refuse' ] || { rm '{{_folder}}/refuse'; echo 'Forbidden' >&2; exit 1; }
                cat > '{{_folder}}/secret' ;;
            esac
            """);
        File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Package, "zip");
    }

    private string Package => Path.Combine(_folder, "app.zip");

    private string[] Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllLines(Path.Combine(_folder, "calls")) : [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EverythingIsDoneInOrderAndTheConsoleIsNamed()
    {
        var (exitCode, output, shown) = await RunAsync(Key + "\n", "--group", "rg", "--location", "northeurope", "--key", "default", "--package", Package);
        Assert.Equal(0, exitCode);
        Assert.Equal("https://my-app.example.net/api/console", output.Trim());
        Assert.Equal(
            [
                "az ad signed-in-user show --query id --output tsv",
                "az group create --name rg --location northeurope --output none",
                "az deployment group create --resource-group rg --name clockify --parameters infra/main.bicepparam --output none",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.appName.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.vaultName.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.consoleUrl.value --output tsv",
                "az keyvault secret set --vault-name my-vault --name clockify-default --file /dev/stdin --output none",
                $"az functionapp deployment source config-zip --resource-group rg --name my-app --src {Package} --output none",
                "az functionapp restart --resource-group rg --name my-app --output none",
            ],
            Calls);
        Assert.Equal(Shown(shown), Calls);
        Assert.Equal("writer writer-id", File.ReadAllText(Path.Combine(_folder, "environment")).Trim());
    }

    [Fact]
    public async Task TheKeyGoesThroughPipesOnly()
    {
        var (_, output, shown) = await RunAsync(Key + "\r\n", "--group", "rg", "--key", "default", "--package", Package);
        Assert.Equal(Key, await File.ReadAllTextAsync(Path.Combine(_folder, "secret"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Key, output + shown + string.Join(' ', Calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADryRunShowsEveryCommandAndRunsNone()
    {
        string[] arguments = ["--group", "rg", "--key", "default", "--package", Package];
        var (exitCode, _, shown) = await RunAsync("", [.. arguments, "--dry-run"]);
        Assert.Equal(0, exitCode);
        Assert.Empty(Calls);

        await RunAsync(Key, arguments);
        Assert.Equal(Calls.Select(call => call.Replace("my-app", "APP_NAME", StringComparison.Ordinal).Replace("my-vault", "VAULT_NAME", StringComparison.Ordinal)), Shown(shown));
    }

    [Fact]
    public async Task WithoutAPackageOneIsBuilt()
    {
        var (_, _, shown) = await RunAsync("", "--group", "rg", "--dry-run");
        var commands = Shown(shown);
        Assert.Equal("./build.sh publish", commands[^2]);
        Assert.EndsWith("--src out/clockify-functions.zip --output none", commands[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(commands, command => command.Contains("keyvault", StringComparison.Ordinal) || command.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIfChangesNothingButTheGroup()
    {
        var (exitCode, _, _) = await RunAsync("", "--group", "rg", "--what-if");
        Assert.Equal(0, exitCode);
        Assert.Equal(["az group create --name rg --location westeurope --output none", "az deployment group what-if --resource-group rg --parameters infra/main.bicepparam"], Calls);
    }

    [Fact]
    public async Task AVaultThatDoesNotKnowTheNewRoleYetIsAskedAgain()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "refuse"), "", TestContext.Current.CancellationToken);
        var (exitCode, _, _) = await RunAsync(Key, "--group", "rg", "--key", "default", "--package", Package);
        Assert.Equal(0, exitCode);
        Assert.Equal(2, Calls.Count(call => call.Contains("keyvault", StringComparison.Ordinal)));
        Assert.Equal(Key, await File.ReadAllTextAsync(Path.Combine(_folder, "secret"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("--group is missing")]
    [InlineData("unknown option '--grup'", "--grup", "rg")]
    [InlineData("--group needs a value", "--group")]
    [InlineData("there is no file 'none.zip'", "--group", "rg", "--package", "none.zip")]
    [InlineData("there is no file 'none.bicepparam'", "--group", "rg", "--parameters", "none.bicepparam")]
    [InlineData("'Default' is no credential name", "--group", "rg", "--key", "Default")]
    [InlineData("nothing came on stdin", "--group", "rg", "--key", "default")]
    public async Task AMistakeIsNamedBeforeAnythingIsDone(string expected, params string[] arguments)
    {
        var (exitCode, _, shown) = await RunAsync("", arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, shown, StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    private static string[] Shown(string text) => [.. text.Split('\n').Where(line => line.StartsWith("+ ", StringComparison.Ordinal)).Select(line => line[2..])];

    private async Task<(int ExitCode, string Output, string Shown)> RunAsync(string input, params string[] arguments)
    {
        var cancel = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "infra", "deploy.sh"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = $"{_folder}:/usr/bin:/bin", ["DEPLOY_RETRY_SECONDS"] = "0" },
        };
        start.Environment.Remove("KEY_WRITER_OBJECT_ID");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var shown = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading.
        }

        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await shown);
    }
}
