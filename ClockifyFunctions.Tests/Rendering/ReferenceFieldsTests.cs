using System.Text;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>The position of resolved ids in a request.</summary>
public sealed class ReferenceFieldsTests
{
    private const string A = "66f1a0c2b7d14e3a9c5d0a01", B = "66f1a0c2b7d14e3a9c5d0b01";

    [Theory]
    [InlineData("createTag", """{"project":"P"}""", null)]
    [InlineData("assignProjectMembers", """{"project":"P","users":"U"}""", """{"userIds":["66f1a0c2b7d14e3a9c5d0a01","66f1a0c2b7d14e3a9c5d0b01"],"userGroups":{"ids":["66f1a0c2b7d14e3a9c5d0b01"]}}""")]
    [InlineData("assignProjectMembers", """{"project":"P","users":"U","userGroups":"G"}""", """{"userIds":["66f1a0c2b7d14e3a9c5d0a01","66f1a0c2b7d14e3a9c5d0b01"],"userGroups":{"ids":["66f1a0c2b7d14e3a9c5d0a01"]}}""")]
    public void AnIdIsWrittenToTheSlotOfItsReference(string endpoint, string references, string? body)
    {
        var config = $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"references":{{references}},"unknownAttributes":"ignore"}""";
        if (body is null)
        {
            Assert.NotEmpty(Written.Problems(config));
            return;
        }

        var resolved = new Resolved { Ids = new Dictionary<string, IReadOnlyList<string>> { ["project"] = [B], ["users"] = [A, B], ["userGroups"] = [A] } };
        var record = Some.Json($$$"""{"P":"x","U":"y","G":"z","userGroups":{"ids":["{{{B}}}"]}}""");
        var request = RequestRenderer.Render(Written.Destination(config), record, Written.Now, resolved).Request;
        Assert.NotNull(request);
        Assert.EndsWith($"/projects/{B}/memberships", request.Url.AbsolutePath, StringComparison.Ordinal);
        var sent = Encoding.UTF8.GetString(request.Body.Span);
        foreach (var member in Some.Json(body).EnumerateObject()) Assert.Contains(member.ToString(), sent, StringComparison.Ordinal);
    }

    [Fact]
    public void ARequestThatCannotBeAddressedWithoutAnIdIsRefused() =>
        Assert.StartsWith("$.references.user: finds nothing in the record", Assert.Single(RequestRenderer.Render(
            Written.Destination("""{"credential":"default","endpoint":"createTimeEntryForUser","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"references":{"user":"U"},"timers":true}"""),
            Some.Json("{}"), Written.Now, Resolved.Nothing).Problems).ToString(), StringComparison.Ordinal);
}
