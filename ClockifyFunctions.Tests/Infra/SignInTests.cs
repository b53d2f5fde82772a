using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Sign-in with Entra ID, see docs/decisions/sign-in.md.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
[Trait("Category", "security")]
public sealed class SignInTests(EvaluatedTemplate template)
{
    private const string SecretSetting = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID";

    [Fact]
    public void WithoutTheOptionTheSiteHasNoSignIn()
    {
        var configs = template.Default.ByName("Microsoft.Web/sites/config");
        Assert.Equal(["appsettings"], configs.Keys);
        Assert.Null(configs["appsettings"][SecretSetting]);
    }

    [Fact]
    public void EveryRouteExceptTheLivenessProbeRequiresASignIn()
    {
        var rules = template.Everything.ByName("Microsoft.Web/sites/config")["authsettingsV2"];
        Assert.True((bool)rules["platform"]!["enabled"]!);
        Assert.True((bool)rules["httpSettings"]!["requireHttps"]!);
        var global = rules["globalValidation"]!;
        Assert.True((bool)global["requireAuthentication"]!);
        Assert.Equal("RedirectToLoginPage", (string?)global["unauthenticatedClientAction"]);
        Assert.Equal(["/api/health/live"], global["excludedPaths"]!.AsArray().Select(path => (string?)path));
        Assert.False((bool)rules["login"]!["tokenStore"]!["enabled"]!);
    }

    [Fact]
    public void OnlyTokensOfThisTenantForThisAppAndListedApplicationsAreAccepted()
    {
        var entra = template.Everything.ByName("Microsoft.Web/sites/config")["authsettingsV2"]["identityProviders"]!["azureActiveDirectory"]!;
        Assert.Equal(EvaluatedTemplate.AppRegistration, (string?)entra["registration"]!["clientId"]);
        Assert.Contains(PredictedResources.Tenant, (string?)entra["registration"]!["openIdIssuer"], StringComparison.Ordinal);
        Assert.Equal([EvaluatedTemplate.AppRegistration, $"api://{EvaluatedTemplate.AppRegistration}"], entra["validation"]!["allowedAudiences"]!.AsArray().Select(audience => (string?)audience));
        Assert.Equal([EvaluatedTemplate.AppRegistration, EvaluatedTemplate.Producer], entra["validation"]!["defaultAuthorizationPolicy"]!["allowedApplications"]!.AsArray().Select(application => (string?)application));
    }

    [Fact]
    public void TheAppsIdentityReplacesAClientSecret()
    {
        var configs = template.Everything.ByName("Microsoft.Web/sites/config");
        Assert.Equal(SecretSetting, (string?)configs["authsettingsV2"]["identityProviders"]!["azureActiveDirectory"]!["registration"]!["clientSecretSettingName"]);
        Assert.Contains("format('appIdentity-", (string?)configs["appsettings"][SecretSetting], StringComparison.Ordinal);
    }

    [Fact]
    public void TheAppRegistrationHasARoleForReadersAndOneForOperators()
    {
        var roles = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "app-roles.json")))!.AsArray();
        Assert.Equal(["reader", "operator"], roles.Select(role => (string?)role!["value"]));
        Assert.Equal(2, roles.Select(role => Guid.Parse((string)role!["id"]!)).Distinct().Count());
        Assert.All(roles, role => Assert.True((bool)role!["isEnabled"]!));
    }
}
