using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class WorkspaceFileTests
{
    private static readonly string Agency = Path.Combine(Repository.Agency, "workspace.json");

    [Fact]
    public async Task ASimulatorStartsWithTheContentOfTheFile()
    {
        var file = WorkspaceFile.Read(Agency);
        await using var it = await SimulatorFixture.StartAsync(new SimulatorOptions { KeyWindows = [], Workspace = file });
        var workspace = $"/workspaces/{file.WorkspaceId}";
        Assert.Equal("ada@agency.example", (await it.SendAsync("GET", "/user")).Text("email"));
        Assert.Equal("ada@agency.example|ben@agency.example|chloe@agency.example|dmitri@agency.example", (await it.SendAsync("GET", $"{workspace}/users")).Texts("email"));
        Assert.Equal(3, (await it.SendAsync("GET", $"{workspace}/projects?name=Website&strict-name-search=true")).List.Count);
        Assert.Equal("Old", (await it.SendAsync("GET", $"{workspace}/tags?archived=true")).Texts());
        var project = file.Projects!.Single(project => project.Name == "Intern");
        Assert.Equal("Design|Development|Project management", (await it.SendAsync("GET", $"{workspace}/projects/{project.Id}/tasks")).Texts());
        Assert.Equal(404, (await it.SendAsync("GET", $"/workspaces/{Seed.WorkspaceId}")).Status);
    }

    [Theory]
    [InlineData("{", "is no workspace file")]
    [InlineData("""{"workspaceId":"w","users":[]}""", "'users' is empty")]
    [InlineData("""{"workspaceId":"w","users":[{"id":"1","name":"A"}]}""", "email")]
    [InlineData("""{"workspaceId":"w","users":[{"id":"1","name":"A","email":"a@b.c"}],"holidays":[]}""", "holidays")]
    public void AFileThatCannotBeReadIsRefusedWithTheReason(string text, string reason)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => WorkspaceFile.Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
