using ClockifyFunctions.Messaging;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>The roles that the template assigns, see docs/decisions/azure-rights.md.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
[Trait("Category", "security")]
public sealed class RightsTests(EvaluatedTemplate template)
{
    private static readonly (string Holder, string Role, string Scope)[] Always =
    [
        ("app", RoleIds.BlobContributor, "data"),
        ("host", RoleIds.BlobOwner, "host"),
        ("package", RoleIds.BlobReader, "code"),
        ("app", RoleIds.BusReceiver, Queues.RecordsName),
        ("app", RoleIds.BusSender, Queues.RecordsName),
        ("app", RoleIds.BusReceiver, Queues.DrainName),
        ("app", RoleIds.BusSender, Queues.DrainName),
        ("app", RoleIds.BusSender, Queues.ResponsesName),
        ("app", RoleIds.SecretsUser, "vaults"),
        ("app", RoleIds.MetricsPublisher, "components"),
    ];

    [Fact]
    public void EachIdentityHasTheseRolesAndNoOthers() => Assert.Equal(Always.Order(), template.Default.Roles.Order());

    [Fact]
    public void OptionsAddSendersReceiversAndTheRightToManageSecrets() =>
        Assert.Equal(
            Always.Concat(
            [
                (EvaluatedTemplate.Producer, RoleIds.BusSender, Queues.RecordsName),
                (EvaluatedTemplate.Consumer, RoleIds.BusReceiver, Queues.ResponsesName),
                ("app", RoleIds.SecretsOfficer, "vaults"),
            ]).Order(),
            template.Everything.Roles.Order());

    [Fact]
    public void TheAppCannotWriteItsPackageOrTheFunctionKeys() =>
        Assert.DoesNotContain(template.Everything.Roles, role => role is { Holder: "app", Scope: "host" or "code" });

    [Fact]
    public void NoIdentityOfTheAppMayWriteThePackage() =>
        Assert.Equal([("package", RoleIds.BlobReader)], template.Everything.Roles.Where(role => role.Scope == "code").Select(role => (role.Holder, role.Role)));

    [Fact]
    public void TheHostTheAppAndThePackageUseTheirOwnIdentityAndAccount()
    {
        var settings = template.Default.ByName("Microsoft.Web/sites/config")["appsettings"];
        Assert.Contains("format('hostIdentity-", (string?)settings["AzureWebJobsStorage__clientId"], StringComparison.Ordinal);
        Assert.Contains("format('host-", (string?)settings["AzureWebJobsStorage__accountName"], StringComparison.Ordinal);
        Assert.Contains("format('appIdentity-", (string?)settings["StorageConnection__clientId"], StringComparison.Ordinal);
        Assert.Contains("format('data-", (string?)settings["StorageConnection__blobServiceUri"], StringComparison.Ordinal);
        Assert.Contains("format('appIdentity-", (string?)settings["ServiceBusConnection__clientId"], StringComparison.Ordinal);

        var package = template.Default.PropertiesOf("Microsoft.Web/sites")["functionAppConfig"]!["deployment"]!["storage"]!;
        Assert.Contains("format('package-", (string?)package["value"], StringComparison.Ordinal);
        Assert.Contains("format('packageIdentity-", (string?)package["authentication"]!["userAssignedIdentityResourceId"], StringComparison.Ordinal);
    }

    [Fact]
    public void AGroupIsAssignedWithThePrincipalTypeGroup() =>
        Assert.Equal(
            "Group",
            (string?)Assert.Single(template.Everything.All("Microsoft.Authorization/roleAssignments"), role => (string?)role["properties"]!["principalId"] == EvaluatedTemplate.Consumer)["properties"]!["principalType"]);

    [Fact]
    public void TheListOfRolesContainsExactlyTheAssignedRoles() =>
        Assert.Equal(template.Everything.Roles.Select(role => role.Role).Distinct().Order(), RoleIds.InTheTemplate().Order());

    [Fact]
    public void SharedKeysAndPasswordsAreTurnedOff()
    {
        Assert.All(template.Default.All("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.False((bool)account["properties"]!["allowSharedKeyAccess"]!);
            Assert.False((bool)account["properties"]!["allowBlobPublicAccess"]!);
        });
        Assert.True((bool)template.Default.PropertiesOf("Microsoft.ServiceBus/namespaces")["disableLocalAuth"]!);
        Assert.True((bool)template.Default.PropertiesOf("Microsoft.KeyVault/vaults")["enableRbacAuthorization"]!);
        Assert.True((bool)template.Default.PropertiesOf("Microsoft.Insights/components")["DisableLocalAuth"]!);
        var uploads = template.Default.ByName("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(["ftp", "scm"], uploads.Keys.Order());
        Assert.All(uploads.Values, policy => Assert.False((bool)policy["allow"]!));
        Assert.All(template.Default.All("Microsoft.Storage/storageAccounts/blobServices/containers"), container => Assert.Equal("None", (string?)container["properties"]!["publicAccess"]));
    }
}
