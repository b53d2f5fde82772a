namespace ClockifyFunctions.Tests.Infra;

/// <summary><c>infra/deploy.sh --grant</c>: the rights of the identity that deploys.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
[Trait("Category", "security")]
public sealed class GrantTests(EvaluatedTemplate template) : IDisposable
{
    private const string Deployer = "44444444-4444-4444-4444-444444444444";

    private readonly DeployScript _script = new();

    public void Dispose() => _script.Dispose();

    [Fact]
    public async Task TheDeployerGetsContributorAndConditionalRoleAdministratorOnTheGroup()
    {
        var roles = (await GrantAsync()).Where(call => call.StartsWith("az role", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, roles.Count);
        Assert.Equal($"az role assignment create --role {RoleIds.Contributor} --assignee-object-id {Deployer} --assignee-principal-type ServicePrincipal --scope /groups/rg --output none", roles[0]);
        Assert.StartsWith(
            $"az role assignment create --role {RoleIds.RoleAdministrator} --assignee-object-id {Deployer} --assignee-principal-type ServicePrincipal --scope /groups/rg --condition-version 2.0 --condition (",
            roles[1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheConditionAllowsAssigningAndRemovingOnlyTheRolesOfTheTemplate()
    {
        var condition = (await GrantAsync()).Single(call => call.Contains("--condition ", StringComparison.Ordinal)).Split("--condition ")[1].Split(" --output")[0];
        var ids = string.Join(", ", RoleIds.InTheTemplate());
        Assert.Equal(
            $"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{ids}}})) AND "
            + $"((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/delete'}})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{ids}}}))",
            condition);
        Assert.Subset(RoleIds.InTheTemplate().ToHashSet(), new HashSet<string> { RoleIds.SecretsOfficer, RoleIds.BlobContributor }); // The roles that the script itself assigns.
    }

    [Fact]
    public async Task EveryResourceProviderOfTheTemplateIsRegistered()
    {
        var registered = (await GrantAsync()).Where(call => call.StartsWith("az provider register", StringComparison.Ordinal)).Select(call => call.Split(' ')[4]).ToList();
        // Each subscription has Microsoft.Authorization. The app's subnet is delegated to Microsoft.App.
        Assert.Equal(template.Everything.Providers.Except(["Microsoft.Authorization"]).Append("Microsoft.App").Order(), registered.Order());
    }

    [Fact]
    public async Task NothingIsDeployed() =>
        Assert.DoesNotContain(await GrantAsync(), call => call.Contains("deployment", StringComparison.Ordinal) || call.Contains("functionapp", StringComparison.Ordinal));

    private async Task<string[]> GrantAsync()
    {
        var (exitCode, _, errors) = await _script.RunAsync("", null, "--group", "rg", "--grant", Deployer);
        Assert.True(exitCode == 0, errors);
        return _script.Calls;
    }
}
