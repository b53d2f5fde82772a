using System.Text.Json.Nodes;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Network access to the resources: sources and protocols.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
[Trait("Category", "security")]
public sealed class NetworkTests(EvaluatedTemplate template)
{
    private static readonly string[] Closable = ["Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults", "Microsoft.ServiceBus/namespaces", "Microsoft.Web/sites"];

    [Fact]
    public void EveryServiceRefusesProtocolsBeforeTls12()
    {
        Assert.All(template.Default.All("Microsoft.Storage/storageAccounts"), account =>
        {
            Assert.Equal("TLS1_2", (string?)account["properties"]!["minimumTlsVersion"]);
            Assert.True((bool)account["properties"]!["supportsHttpsTrafficOnly"]!);
        });
        Assert.Equal("1.2", (string?)template.Default.PropertiesOf("Microsoft.ServiceBus/namespaces")["minimumTlsVersion"]);
        var app = template.Default.PropertiesOf("Microsoft.Web/sites");
        Assert.True((bool)app["httpsOnly"]!);
        Assert.Equal("1.2", (string?)app["siteConfig"]!["minTlsVersion"]);
        Assert.Equal("1.2", (string?)app["siteConfig"]!["scmMinTlsVersion"]);
        Assert.Equal("Disabled", (string?)app["siteConfig"]!["ftpsState"]);
    }

    [Fact]
    public void ByDefaultTheServicesArePublicAndNoNetworkIsCreated()
    {
        Assert.All(Closable.SelectMany(template.Default.All), resource => Assert.Equal("Enabled", (string?)resource["properties"]!["publicNetworkAccess"]));
        Assert.DoesNotContain("Microsoft.Network", template.Default.Providers);
        Assert.Equal("Standard", (string?)template.Default.Single("Microsoft.ServiceBus/namespaces")["sku"]!["name"]);
    }

    [Fact]
    public void ThePrivateVariantDisablesPublicAccessToEveryServiceAndTheApp()
    {
        var closed = Closable.SelectMany(template.Everything.All).ToList();
        Assert.Equal(6, closed.Count);
        Assert.All(closed, resource => Assert.Equal("Disabled", (string?)resource["properties"]!["publicNetworkAccess"]));
        Assert.All(template.Everything.All("Microsoft.Storage/storageAccounts"), account => Assert.Equal("Deny", (string?)account["properties"]!["networkAcls"]!["defaultAction"]));
        Assert.Equal("Premium", (string?)template.Everything.Single("Microsoft.ServiceBus/namespaces")["sku"]!["name"]); // Standard has no private endpoints.
    }

    [Fact]
    public void EveryPrivateServiceHasAnEndpointAndADnsName()
    {
        var groups = template.Everything.ByName("Microsoft.Network/privateEndpoints")
            .ToDictionary(pair => pair.Key, pair => (string?)Assert.Single(pair.Value["privateLinkServiceConnections"]!.AsArray())!["properties"]!["groupIds"]![0]);
        Assert.Equal(
            new() { ["clockify-data"] = "blob", ["clockify-host"] = "blob", ["clockify-package"] = "blob", ["clockify-vault"] = "vault", ["clockify-bus"] = "namespace", ["clockify-app"] = "sites" },
            groups);
        Assert.Equal(groups.Count, template.Everything.All("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count);

        // One zone for each kind of service, each linked to the network.
        var zones = template.Everything.All("Microsoft.Network/privateDnsZones").Select(zone => (string)zone["name"]!).ToList();
        Assert.Equal(4, zones.Count);
        Assert.All(["blob.", "vaultcore.azure.net", "servicebus.windows.net", "azurewebsites.net"], name => Assert.Single(zones, zone => zone.Contains("privatelink." + name, StringComparison.Ordinal)));
        Assert.Equal(4, template.Everything.All("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count);
    }

    [Fact]
    public void TheAddressSpaceIsAParameterAndBothSubnetsHaveASecurityGroup()
    {
        var network = template.Everything.PropertiesOf("Microsoft.Network/virtualNetworks");
        Assert.Equal("10.20.30.0/24", (string?)network["addressSpace"]!["addressPrefixes"]![0]);
        var subnets = network["subnets"]!.AsArray().ToDictionary(subnet => (string)subnet!["name"]!, subnet => subnet!["properties"]!);
        Assert.Equal("10.20.30.0/25", (string?)subnets["app"]["addressPrefix"]);
        Assert.Equal("10.20.30.128/25", (string?)subnets["endpoints"]["addressPrefix"]);
        Assert.All(subnets, subnet => Assert.EndsWith($"networkSecurityGroups/clockify-{subnet.Key}", (string?)subnet.Value["networkSecurityGroup"]!["id"], StringComparison.Ordinal));
        Assert.Equal("NetworkSecurityGroupEnabled", (string?)subnets["endpoints"]["privateEndpointNetworkPolicies"]);
        Assert.Equal("Microsoft.App/environments", (string?)subnets["app"]["delegations"]![0]!["properties"]!["serviceName"]);
    }

    [Fact]
    public void TheSecurityGroupsAllowNamedPortsAndDenyTheRest()
    {
        var groups = template.Everything.ByName("Microsoft.Network/networkSecurityGroups");
        Assert.Equal([("Outbound", "Allow", "443,8443"), ("Outbound", "Deny", "*")], Rules("clockify-app"));
        Assert.Equal([("Inbound", "Allow", "443,5671"), ("Inbound", "Deny", "*")], Rules("clockify-endpoints"));

        IEnumerable<(string?, string?, string)> Rules(string group) =>
            groups[group]["securityRules"]!.AsArray().Select(rule => rule!["properties"]!).OrderBy(rule => (int)rule["priority"]!)
                .Select(rule => ((string?)rule["direction"], (string?)rule["access"], rule["destinationPortRanges"] is JsonArray ports ? string.Join(',', ports.Select(port => (string)port!)) : (string)rule["destinationPortRange"]!));
    }

    [Fact]
    public void AddressRangesLimitWhoMayCallAndWhoMayDeploy()
    {
        var open = template.Default.PropertiesOf("Microsoft.Web/sites")["siteConfig"]!;
        Assert.Equal(("Allow", "Allow"), ((string?)open["ipSecurityRestrictionsDefaultAction"], (string?)open["scmIpSecurityRestrictionsDefaultAction"]));
        Assert.Empty(open["ipSecurityRestrictions"]!.AsArray());

        var limited = template.Everything.PropertiesOf("Microsoft.Web/sites")["siteConfig"]!;
        Assert.Equal(("Deny", "Deny"), ((string?)limited["ipSecurityRestrictionsDefaultAction"], (string?)limited["scmIpSecurityRestrictionsDefaultAction"]));
        Assert.Equal(["203.0.113.0/24", "198.51.100.7/32"], Ranges("ipSecurityRestrictions"));
        Assert.Equal(["203.0.113.9/32"], Ranges("scmIpSecurityRestrictions"));
        Assert.False((bool)limited["scmIpSecurityRestrictionsUseMain"]!);

        IEnumerable<string?> Ranges(string name) => limited[name]!.AsArray().Select(rule => rule!).Where(rule => (string?)rule["action"] == "Allow").Select(rule => (string?)rule["ipAddress"]);
    }
}
