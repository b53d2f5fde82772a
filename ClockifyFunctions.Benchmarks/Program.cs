Console.WriteLine("No benchmark yet: they come with the gate.");
