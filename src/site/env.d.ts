/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** Set by the lesson page before its text is rendered, for the components in it. */
    lesson: import('./lessons/lesson-page.ts').LessonPage;
  }
}
