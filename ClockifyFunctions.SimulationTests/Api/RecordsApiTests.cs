using System.Text;
using ClockifyFunctions.Api;
using ClockifyFunctions.SimulationTests.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClockifyFunctions.SimulationTests.Api;

public sealed class RecordsApiTests
{
    [Theory]
    [InlineData("text/csv", "windows-1252", 202, true)]
    [InlineData("text/csv; charset=windows-1250", "windows-1250", 202, false)]
    [InlineData("text/csv", "utf-16", 202, false)]
    [InlineData("text/csv", "windows-1251", 400, false)]
    public async Task AFileIsQueuedInEverySupportedEncoding(string contentType, string encoding, int status, bool hasNote)
    {
        await using var world = await TestWorld.StartAsync();
        var text = status == 400 ? "Имя;Проект\nПривет;Привет\n" : "description;start;end\nGröße;2026-03-02T09:15:00Z;2026-03-02T10:15:00Z\n";
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
        var context = new DefaultHttpContext { Request = { ContentType = contentType, Body = new MemoryStream(bytes) } };
        var answer = await world.DoneAsync("the records are queued", world.App.Get<RecordsApi>().SendAsync("entries", context.Request, CancellationToken.None));
        Assert.Equal(status, Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode);
        if (status == 400) return;
        Assert.Equal(hasNote, Assert.IsType<JsonHttpResult<AcceptedRecords>>(answer).Value!.Note is not null);
        await world.EventsAsync(1);
        Assert.Equal("Größe", Assert.Single(world.Ledger.CreatedTimeEntries).Description);
    }
}
