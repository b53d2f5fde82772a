using ClockifyFunctions.LocalHost.Commands;

if (CommandLine.Parse(args, out var problems) is not { } line)
{
    foreach (var problem in problems) Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return line.Command == "demo" ? await DemoCommand.RunAsync(line, stop.Token) : await StartCommand.RunAsync(line, stop.Token);
