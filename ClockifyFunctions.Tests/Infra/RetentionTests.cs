using System.Reflection;
using Azure.Storage.Blobs;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Retention: restorable data, automatic deletion, and logs.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
[Trait("Category", "security")]
public sealed class RetentionTests(EvaluatedTemplate template)
{
    [Fact]
    public void DeletedBlobsAndContainersCanBeRestoredForSomeDays()
    {
        AssertDays(7, template.Default);
        AssertDays(14, template.Everything);

        static void AssertDays(int days, PredictedResources resources)
        {
            var services = resources.All("Microsoft.Storage/storageAccounts/blobServices");
            Assert.Equal(3, services.Count);
            foreach (var policy in services.SelectMany(service => new[] { "deleteRetentionPolicy", "containerDeleteRetentionPolicy" }.Select(name => service["properties"]![name]!)))
                Assert.Equal((true, days), ((bool)policy["enabled"]!, (int)policy["days"]!));
        }
    }

    [Fact]
    public void OldQuarantineJournalAndLookupBlobsAreDeletedAndNothingElse()
    {
        Assert.Equal([("quarantine/", 180), ("journal/", 400), ("lookups/", 30)], Rules(template.Default));
        Assert.Equal([("quarantine/", 30), ("journal/", 90), ("lookups/", 30)], Rules(template.Everything));

        static IEnumerable<(string?, int)> Rules(PredictedResources resources)
        {
            var policy = resources.Single("Microsoft.Storage/storageAccounts/managementPolicies");
            Assert.StartsWith("clockifydata", (string?)policy["name"], StringComparison.Ordinal);
            return policy["properties"]!["policy"]!["rules"]!.AsArray().Select(rule => rule!["definition"]!).Select(definition =>
            {
                // The app writes append blobs; large records are block blobs.
                Assert.Equal(["blockBlob", "appendBlob"], definition["filters"]!["blobTypes"]!.AsArray().Select(type => (string?)type));
                return ((string?)Assert.Single(definition["filters"]!["prefixMatch"]!.AsArray()), (int)definition["actions"]!["baseBlob"]!["delete"]!["daysAfterModificationGreaterThan"]!);
            });
        }
    }

    [Fact]
    public void TheDataAccountHasTheContainersThatTheAppUses()
    {
        var account = new BlobAccount(new AppSettings { StorageConnection = "UseDevelopmentStorage=true", Credentials = new Dictionary<string, Credential>() });
        var used = typeof(BlobAccount).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(BlobContainerClient))
            .Select(property => ((BlobContainerClient)property.GetValue(account)!).Name);
        var made = template.Default.All("Microsoft.Storage/storageAccounts/blobServices/containers").Select(container => ((string)container["name"]!).Split('/')).Where(name => name[0].StartsWith("clockifydata", StringComparison.Ordinal)).Select(name => name[^1]);
        Assert.Equal(used.Order(), made.Order());
    }

    [Fact]
    public void EveryStorageAccountTheVaultTheBusAndTheAppAreLogged()
    {
        var logs = template.Default.All("Microsoft.Insights/diagnosticSettings").ToDictionary(
            setting => ((string)setting["id"]!).Split("/providers/")[^2].Replace("/blobServices/default", "", StringComparison.Ordinal).Split('/')[^2..] is var scope && scope[0] == "storageAccounts" ? scope[1][..12] : scope[0],
            setting => string.Join(',', setting["properties"]!["logs"]!.AsArray().Select(log => (string?)(log!["category"] ?? log["categoryGroup"]))));
        Assert.Equal(
            new()
            {
                ["clockifydata"] = "StorageDelete",
                ["clockifyhost"] = "StorageDelete",
                ["clockifycode"] = "StorageWrite,StorageDelete",
                ["vaults"] = "audit",
                ["namespaces"] = "OperationalLogs",
                ["sites"] = "FunctionAppLogs",
            },
            logs);
    }
}
