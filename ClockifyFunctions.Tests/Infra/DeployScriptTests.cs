using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

[Trait(Categories.Name, Categories.Process)]
public sealed class DeployScriptTests : IDisposable
{
    private const string Key = "a-secret-api-key";

    private readonly DeployScript _script = new();

    private string[] WithKey => ["--group", "rg", "--key", "default", "--package", _script.Package];

    public void Dispose() => _script.Dispose();

    [Fact]
    public async Task TheDeploymentRunsInOrderAndPrintsTheConsoleUrl()
    {
        var (exitCode, output, errors) = await _script.RunAsync(Key + "\n", null, [.. WithKey, "--location", "northeurope"]);
        Assert.Equal(0, exitCode);
        Assert.Equal("https://my-app.example.net/api/console", output.Trim());
        Assert.Equal(
            [
                "az account show --query user.type --output tsv",
                "az ad signed-in-user show --query id --output tsv",
                "az group create --name rg --location northeurope --output none",
                "az deployment group create --resource-group rg --name clockify --parameters infra/main.bicepparam --output none",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.appName.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.consoleUrl.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.packageAccountId.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.packagePrincipalId.value --output tsv",
                "az deployment group show --resource-group rg --name clockify --query properties.outputs.vaultId.value --output tsv",
                $"az role assignment create --role {RoleIds.SecretsOfficer} --assignee-object-id my-id --assignee-principal-type User --scope /vaults/my-vault --query id --output tsv",
                "az keyvault secret set --vault-name my-vault --name clockify-default --file /dev/stdin --output none",
                $"az role assignment create --role {RoleIds.BlobContributor} --assignee-object-id package-principal --assignee-principal-type ServicePrincipal --scope /accounts/my-packages --query id --output tsv",
                $"az functionapp deployment source config-zip --resource-group rg --name my-app --src {_script.Package} --output none",
                "az functionapp restart --resource-group rg --name my-app --output none",
                "az role assignment delete --ids /assignments/vault /assignments/packages",
            ],
            _script.Calls);
        Assert.Equal(_script.Calls, DeployScript.Shown(errors));
    }

    [Fact]
    [Trait("Category", "security")]
    public async Task TheKeyIsPassedThroughPipesOnly()
    {
        var (_, output, errors) = await _script.RunAsync(Key + "\r\n", null, WithKey);
        Assert.Equal(Key, _script.Secret);
        Assert.DoesNotContain(Key, output + errors + string.Join(' ', _script.Calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADryRunShowsEveryCommandAndRunsNone()
    {
        var (exitCode, _, errors) = await _script.RunAsync("", null, [.. WithKey, "--dry-run"]);
        Assert.Equal(0, exitCode);
        Assert.Empty(_script.Calls);

        await _script.RunAsync(Key, null, WithKey);
        (string Real, string Instead)[] names =
        [
            ("my-id", "DEPLOYER_OBJECT_ID"), ("my-app", "APP_NAME"), ("/vaults/my-vault", "VAULT_ID"), ("my-vault", "VAULT_ID"), ("/accounts/my-packages", "PACKAGE_ACCOUNT_ID"),
            ("package-principal", "PACKAGE_PRINCIPAL_ID"), ("/assignments/vault", "ASSIGNMENT_ID"), ("/assignments/packages", "ASSIGNMENT_ID"),
        ];
        Assert.Equal(_script.Calls.Select(call => names.Aggregate(call, (text, name) => text.Replace(name.Real, name.Instead, StringComparison.Ordinal))), DeployScript.Shown(errors));
    }

    [Fact]
    public async Task ThePackageIsBuiltBeforeAnythingChanges()
    {
        var (_, _, errors) = await _script.RunAsync("", null, "--group", "rg", "--dry-run");
        var commands = DeployScript.Shown(errors);
        Assert.Equal("./build.sh publish", commands[0]);
        Assert.Contains(commands, command => command.EndsWith("--src out/clockify-functions.zip --output none", StringComparison.Ordinal));
        Assert.DoesNotContain(commands, command => command.Contains("keyvault", StringComparison.Ordinal) || command.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIfChangesOnlyTheGroup()
    {
        var (exitCode, _, _) = await _script.RunAsync("", null, "--group", "rg", "--what-if");
        Assert.Equal(0, exitCode);
        Assert.Equal(["az group create --name rg --location westeurope --output none", "az deployment group what-if --resource-group rg --parameters infra/main.bicepparam"], _script.Calls);
    }

    [Theory]
    [InlineData("keyvault secret set")]
    [InlineData("config-zip")]
    public async Task ACommandThatNeedsANewRoleIsRepeatedUntilTheRoleTakesEffect(string command)
    {
        _script.Fail(command, times: 2);
        var (exitCode, _, _) = await _script.RunAsync(Key, null, WithKey);
        Assert.Equal(0, exitCode);
        Assert.Equal(3, _script.Calls.Count(call => call.Contains(command, StringComparison.Ordinal)));
        Assert.Equal(Key, _script.Secret);
    }

    [Theory]
    [Trait("Category", "security")]
    [InlineData("keyvault secret set", 10, "the key was not stored in 'my-vault'", "/assignments/vault")]
    [InlineData("--scope /accounts/my-packages", 1, "Forbidden", "/assignments/vault")]
    [InlineData("config-zip", 10, "the package was not deployed to 'my-app'", "/assignments/vault /assignments/packages")]
    [InlineData("functionapp restart", 1, "Forbidden", "/assignments/vault /assignments/packages")]
    public async Task AfterAFailureTheScriptRemovesTheRolesThatItAssigned(string command, int times, string message, string assignments)
    {
        _script.Fail(command, times);
        var (exitCode, _, errors) = await _script.RunAsync(Key, null, WithKey);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Equal($"az role assignment delete --ids {assignments}", _script.Calls[^1]);
    }

    [Fact]
    [Trait("Category", "security")]
    public async Task ARoleAssignmentThatCannotBeRemovedIsPrinted()
    {
        _script.Fail("role assignment delete");
        var (exitCode, _, errors) = await _script.RunAsync("", null, "--group", "rg", "--package", _script.Package);
        Assert.Equal(1, exitCode);
        Assert.Contains("still exist; remove them: /assignments/packages", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServicePrincipalMustSetItsObjectId()
    {
        _script.SignInAsServicePrincipal();
        var (exitCode, _, errors) = await _script.RunAsync(Key, null, WithKey);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("set DEPLOYER_OBJECT_ID", errors, StringComparison.Ordinal);
        Assert.Single(_script.Calls);

        (exitCode, _, _) = await _script.RunAsync(Key, "pipeline-id", WithKey);
        Assert.Equal(0, exitCode);
        Assert.Contains(_script.Calls, call => call.Contains("--assignee-object-id pipeline-id --assignee-principal-type ServicePrincipal --scope /vaults/my-vault", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--group is missing")]
    [InlineData("unknown option '--grup'", "--grup", "rg")]
    [InlineData("--group needs a value", "--group")]
    [InlineData("there is no file 'none.zip'", "--group", "rg", "--package", "none.zip")]
    [InlineData("there is no file 'none.bicepparam'", "--group", "rg", "--parameters", "none.bicepparam")]
    [InlineData("'Default' is not a credential name", "--group", "rg", "--key", "Default")]
    [InlineData("stdin is empty", "--group", "rg", "--key", "default")]
    [InlineData("'me' is not an object id", "--group", "rg", "--grant", "me")]
    public async Task AMistakeIsReportedBeforeAnyChange(string expected, params string[] arguments)
    {
        var (exitCode, _, errors) = await _script.RunAsync("", null, arguments);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Empty(_script.Calls);
    }
}
